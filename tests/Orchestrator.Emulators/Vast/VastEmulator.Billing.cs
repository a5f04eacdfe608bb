using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Vast;

/// <summary>What it all costs.</summary>
public sealed partial class VastEmulator
{
    private const int MostCharges = 500;

    /// <summary>By all instances up to the last call, exactly.</summary>
    public double Bill
    {
        get
        {
            lock (_gate)
            {
                Pass(time.GetUtcNow());
                return Spent;
            }
        }
    }

    private double Spent => _instances.Values.Concat(_ended).Sum(instance => instance.Meter.Total);

    private EmulatedAnswer Charges(EmulatedRequest request)
    {
        if (Parsed(request.Query.GetValueOrDefault("select_filters"))?["day"] is not JsonObject day || VastQuery.Number(day["gte"]) is not { } from || VastQuery.Number(day["lte"]) is not { } to)
        {
            return Error(400, "invalid_args", "Must provide both 'day' gte and lte filters for instance charges");
        }

        var limit = Number(request.Query.GetValueOrDefault("limit") ?? "100") is var asked and > 0 ? Math.Min(asked, MostCharges) : MostCharges;
        var after = request.Query.TryGetValue("after_token", out var token) ? token.StartsWith("after-", StringComparison.Ordinal) ? Number(token[6..]) : -1 : 0;
        if (after < 0)
        {
            return Error(400, "invalid_token", "Invalid pagination token");
        }

        var wanted = Parsed(request.Query["select_filters"])?["type"]?["in"] is not JsonArray types || types.Any(type => type?.ToString() == "instance");
        var shown = time.GetUtcNow() - Switches.ChargesDelay;
        var charged = _instances.Values.Concat(_ended).Where(instance => wanted && instance.Created <= shown && instance.Meter.Until.ToUnixTimeSeconds() >= from && instance.Created.ToUnixTimeSeconds() <= to).OrderBy(instance => instance.Id).ToList();
        var rows = charged.Where(instance => instance.Id > after).ToList();
        var page = rows.Take(limit).ToList();
        return EmulatedAnswer.Json(new JsonObject
        {
            ["success"] = true, ["count"] = page.Count, ["total"] = charged.Count, ["next_token"] = rows.Count > limit ? $"after-{page[^1].Id}" : null,
            ["results"] = new JsonArray([.. page.Select(Charge)]),
        });
    }

    private static JsonNode Charge(VastInstance instance)
    {
        var meter = instance.Meter;
        var (start, end) = (meter.Created.ToUnixTimeSeconds(), meter.Until.ToUnixTimeSeconds());
        return new JsonObject
        {
            ["start"] = start, ["end"] = end, ["type"] = "instance", ["source"] = $"instance-{instance.Id}", ["description"] = $"Instance {instance.Id} Charges - 1 day", ["amount"] = Math.Round(meter.Total, 3),
            ["metadata"] = new JsonObject { ["label"] = instance.Label },
            ["items"] = new JsonArray(
            [
                Item("gpu", $"{meter.GpuHours:0.000} hours", meter.Gpu), Item("disk", $"{instance.Disk:0.000} GB", meter.Disk),
                .. Bytes("bwd", meter.Moved.Received, meter.Down), .. Bytes("bwu", meter.Moved.Sent, meter.Up),
            ]),
        };

        JsonNode[] Bytes(string type, long bytes, double amount) => bytes > 0 ? [Item(type, $"{bytes / 1e9:0.000} GB", amount)] : [];

        JsonObject Item(string type, string words, double amount) => new()
        {
            ["start"] = start, ["end"] = end, ["type"] = type, ["source"] = null, ["description"] = words, ["amount"] = Math.Round(amount, 3), ["metadata"] = new JsonObject(), ["items"] = new JsonArray(),
        };
    }
}
