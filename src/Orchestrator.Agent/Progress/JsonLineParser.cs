using System.Text;
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
            return Read(line);
        }
        catch (JsonException)
        {
            // Somebody's output that only looked like it, or Python's: json.dumps writes NaN and Infinity, which JSON does not have.
            return Quoted(line) is { } mended ? TryRead(mended) : null;
        }
    }

    private static ProgressReading? TryRead(string line)
    {
        try
        {
            return Read(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ProgressReading? Read(string line)
    {
        using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 8 });
        long? step = null;
        long? total = null;
        var metrics = new List<(string, double)>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (Number(property.Value) is not { } value)
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
            else if (property.Name.Length is > 0 and <= 64 && metrics.Count < 16)
            {
                metrics.Add((property.Name, value));
            }
        }

        return step is null && total is null && metrics.Count == 0 ? null : new ProgressReading(step, total, metrics);
    }

    /// <summary>Of text only the words for what is no finite number: other text is no metric.</summary>
    private static double? Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number ? element.TryGetDouble(out var value) ? value : null
        : element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 and <= 9 } word && MetricNumber.TryParse(word, out var odd) && !double.IsFinite(odd) ? odd
        : null;

    private static long? Whole(JsonElement element) =>
        element.ValueKind != JsonValueKind.Number ? null
        : element.TryGetInt64(out var whole) ? whole : element.TryGetDouble(out var value) && Math.Abs(value) < 1e15 ? (long)value : null;

    /// <summary>The same with such words in quotes, where they stand outside of text; null = there is none.</summary>
    private static string? Quoted(string line)
    {
        var mended = new StringBuilder(line.Length + 8);
        var (inText, found) = (false, false);
        for (var at = 0; at < line.Length; at++)
        {
            var word = inText ? 0 : MetricNumber.WordAt(line.AsSpan(at + (line[at] == '-' ? 1 : 0)));
            if (word > 0)
            {
                word += line[at] == '-' ? 1 : 0;
                mended.Append('"').Append(line, at, word).Append('"');
                (at, found) = (at + word - 1, true);
                continue;
            }

            mended.Append(line[at]);
            if (inText && line[at] == '\\' && at + 1 < line.Length)
            {
                mended.Append(line[++at]);
            }
            else if (line[at] == '"')
            {
                inText = !inText;
            }
        }

        return found ? mended.ToString() : null;
    }
}
