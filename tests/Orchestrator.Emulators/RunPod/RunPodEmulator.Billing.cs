using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.RunPod;

/// <summary>What it all costs.</summary>
public sealed partial class RunPodEmulator
{
    /// <summary>By all pods up to now, exactly.</summary>
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

    private double Spent => _pods.Values.Concat(_ended).Sum(pod => pod.Meter.Total);

    private EmulatedAnswer Billing(EmulatedRequest request, DateTimeOffset now)
    {
        var from = Time("startTime") ?? now.AddDays(-30);
        var to = Time("endTime") ?? now;
        var bucket = request.Query.GetValueOrDefault("bucketSize") ?? "day";
        if (bucket is not ("hour" or "day"))
        {
            return bucket is "week" or "month" or "year" ? Problem(400, "this emulator has buckets of an hour and a day") : Invalid("$.bucketSize: value must be one of 'hour', 'day', 'week', 'month', 'year'");
        }

        // Buckets in which nothing was spent are left out.
        var records =
            from pod in _pods.Values.Concat(_ended)
            where request.Query.GetValueOrDefault("podId") is not { } wanted || pod.Id == wanted
            from hour in pod.Meter.Hours
            let start = bucket == "hour" ? hour.Key : new DateTimeOffset(hour.Key.UtcDateTime.Date, TimeSpan.Zero)
            let end = start + (bucket == "hour" ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1))
            where end > @from && start < to
            group hour.Value by (pod.Id, Start: start, End: end) into spent
            orderby spent.Key.Start, spent.Key.Id
            select (spent.Key.Id, spent.Key.Start, spent.Key.End, Gpu: spent.Sum(hour => hour.Gpu), Disk: spent.Sum(hour => hour.Disk));
        var rows = records.ToList();
        return EmulatedAnswer.Json(new JsonObject
        {
            ["records"] = new JsonArray([.. rows.Select(row => (JsonNode)Amounts(new JsonObject { ["startTime"] = RunPodInstance.Instant(row.Start), ["endTime"] = RunPodInstance.Instant(row.End), ["podId"] = row.Id }, row.Gpu, row.Disk))]),
            ["metadata"] = new JsonObject
            {
                ["query"] = new JsonObject { ["startTime"] = RunPodInstance.Instant(from), ["endTime"] = RunPodInstance.Instant(to), ["bucketSize"] = bucket },
                ["recordCount"] = rows.Count, ["uniquePodCount"] = rows.Select(row => row.Id).Distinct().Count(),
                ["totals"] = Amounts([], rows.Sum(row => row.Gpu), rows.Sum(row => row.Disk)),
            },
        });

        DateTimeOffset? Time(string name) => request.Query.GetValueOrDefault(name) is { } text
            ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;
    }

    private static JsonObject Amounts(JsonObject row, double gpu, double disk)
    {
        row["totalAmount"] = gpu + disk;
        row["gpuAmount"] = gpu;
        row["cpuAmount"] = 0;
        row["diskAmount"] = disk;
        return row;
    }
}
