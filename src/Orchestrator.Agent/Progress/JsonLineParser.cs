using System.Text.Json;

namespace Orchestrator.Agent.Progress;

/// <summary>One JSON object a line: <c>{"step": 12, "total": 100, "loss": 0.5}</c>.</summary>
internal static class JsonLineParser
{
    private static readonly string[] Steps = ["step", "global_step", "globalStep", "iteration", "iter"];
    private static readonly string[] Totals = ["total", "total_steps", "totalSteps", "max_steps"];

    public static ProgressReading? Parse(string line)
    {
        var text = line.AsSpan().Trim();
        if (text.Length < 2 || text[0] != '{' || text[^1] != '}')
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 8 });
            long? step = null;
            long? total = null;
            var metrics = new List<(string, double)>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.Number)
                {
                    continue;
                }

                if (Steps.Contains(property.Name))
                {
                    step = Whole(property.Value);
                }
                else if (Totals.Contains(property.Name))
                {
                    total = Whole(property.Value);
                }
                else if (property.Value.TryGetDouble(out var value) && double.IsFinite(value) && property.Name.Length is > 0 and <= 64 && metrics.Count < 16)
                {
                    metrics.Add((property.Name, value));
                }
            }

            return step is null && total is null && metrics.Count == 0 ? null : new ProgressReading(step, total, metrics);
        }
        catch (JsonException)
        {
            // Somebody's output that only looked like it.
            return null;
        }
    }

    private static long? Whole(JsonElement element) =>
        element.TryGetInt64(out var whole) ? whole : element.TryGetDouble(out var value) && Math.Abs(value) < 1e15 ? (long)value : null;
}
