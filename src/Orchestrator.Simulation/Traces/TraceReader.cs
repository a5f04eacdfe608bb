using System.Text.Json;

namespace Orchestrator.Simulation.Traces;

/// <summary>
/// Reads the JSON that both published sets share: <c>metadata.gap_seconds</c> and <c>data</c>, one number a tick, 1 where the
/// offer was <em>not</em> to be had. "Can't Be Late" numbers <c>metadata.start_time</c> in ticks; SkyNomad writes a date there
/// and adds <c>prices</c> and <c>metadata.price_info.on_demand_price</c>.
/// </summary>
public static class TraceReader
{
    public static AvailabilityTrace Read(string name, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var metadata = root.GetProperty("metadata");
            var gap = metadata.GetProperty("gap_seconds").GetDouble();
            var start = metadata.TryGetProperty("start_time", out var at) && at.ValueKind == JsonValueKind.Number ? at.GetInt32() : 0;
            double? onDemand = metadata.TryGetProperty("price_info", out var info) && info.TryGetProperty("on_demand_price", out var price) ? price.GetDouble() : null;
            bool[] available = [.. root.GetProperty("data").EnumerateArray().Select(tick => tick.GetInt32() == 0)];
            double[] prices = root.TryGetProperty("prices", out var list) ? [.. list.EnumerateArray().Select(tick => tick.GetDouble())] : [];
            if (!(gap > 0) || available.Length == 0 || (prices.Length > 0 && prices.Length != available.Length))
            {
                throw new InvalidDataException($"{name}: a trace needs a positive gap_seconds, ticks in data, and as many prices as ticks where it has prices");
            }

            return new AvailabilityTrace(name, gap, start, available, prices, onDemand);
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{name} is no availability trace: {wrong.Message} (expected metadata.gap_seconds and data, 1 = unavailable)", wrong);
        }
    }
}
