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

    private double Left => Balance - Spent;

    /// <summary>What an account must have left before the pod is created or started.</summary>
    private static double HourOf(RunPodInstance pod) => pod.Rate;

    private EmulatedAnswer Billing(EmulatedRequest request, DateTimeOffset now)
    {
        var bucket = request.Query.GetValueOrDefault("bucketSize") ?? "day";
        if (bucket is not ("hour" or "day" or "week" or "month" or "year"))
        {
            return Invalid("$.bucketSize: value must be one of 'hour', 'day', 'week', 'month', 'year'");
        }

        var (start, end, last) = (request.Query.GetValueOrDefault("startTime"), request.Query.GetValueOrDefault("endTime"), request.Query.GetValueOrDefault("lastN"));
        DateTimeOffset from = now.AddDays(-30), to = now;
        if ((start is not null && !IsTime(start, out from)) || (end is not null && !IsTime(end, out to)) || (last is not null && Number(last) < 1))
        {
            return Invalid("$: startTime, endTime or lastN is malformed");
        }

        if (last is not null)
        {
            if (start is not null || end is not null)
            {
                return Problem(400, "lastN excludes startTime and endTime");
            }

            // The one that has begun counts; before this century there is nothing to find.
            from = BucketOf(bucket, now);
            for (var more = Number(last) - 1; more > 0 && from.Year > 2000; more--)
            {
                from = BucketOf(bucket, from.AddTicks(-1));
            }
        }

        var query = new JsonObject { ["startTime"] = RunPodInstance.Instant(from), ["endTime"] = RunPodInstance.Instant(to), ["bucketSize"] = bucket };
        if (last is not null)
        {
            query["lastN"] = Number(last);
        }

        // Buckets in which nothing was spent are left out.
        var records =
            from pod in _pods.Values.Concat(_ended)
            where request.Query.GetValueOrDefault("podId") is not { } wanted || pod.Id == wanted
            from hour in pod.Meter.Hours
            let begin = BucketOf(bucket, hour.Key)
            let over = After(bucket, begin)
            where over > @from && begin < to
            group hour.Value by (pod.Id, Start: begin, End: over) into spent
            orderby spent.Key.Start, spent.Key.Id
            select (spent.Key.Id, spent.Key.Start, spent.Key.End, Gpu: spent.Sum(hour => hour.Gpu), Disk: spent.Sum(hour => hour.Disk));
        var rows = records.ToList();
        return EmulatedAnswer.Json(new JsonObject
        {
            ["records"] = new JsonArray([.. rows.Select(row => (JsonNode)Amounts(new JsonObject { ["startTime"] = RunPodInstance.Instant(row.Start), ["endTime"] = RunPodInstance.Instant(row.End), ["podId"] = row.Id }, row.Gpu, row.Disk))]),
            ["metadata"] = new JsonObject
            {
                ["query"] = query,
                ["recordCount"] = rows.Count, ["uniquePodCount"] = rows.Select(row => row.Id).Distinct().Count(),
                ["totals"] = Amounts([], rows.Sum(row => row.Gpu), rows.Sum(row => row.Disk)),
            },
        });

        static bool IsTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    /// <summary>Where the bucket begins that holds a time. The contract does not say when a week begins: on Monday, as in ISO 8601.</summary>
    private static DateTimeOffset BucketOf(string bucket, DateTimeOffset time)
    {
        var day = time.UtcDateTime.Date;
        var begin = bucket switch
        {
            "hour" => day.AddHours(time.UtcDateTime.Hour),
            "day" => day,
            "week" => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            "month" => new DateTime(day.Year, day.Month, 1),
            _ => new DateTime(day.Year, 1, 1),
        };
        return new DateTimeOffset(begin, TimeSpan.Zero);
    }

    private static DateTimeOffset After(string bucket, DateTimeOffset begin) => bucket switch
    {
        "hour" => begin.AddHours(1),
        "day" => begin.AddDays(1),
        "week" => begin.AddDays(7),
        "month" => begin.AddMonths(1),
        _ => begin.AddYears(1),
    };

    private static JsonObject Amounts(JsonObject row, double gpu, double disk)
    {
        row["totalAmount"] = gpu + disk;
        row["gpuAmount"] = gpu;
        row["cpuAmount"] = 0;
        row["diskAmount"] = disk;
        return row;
    }
}
