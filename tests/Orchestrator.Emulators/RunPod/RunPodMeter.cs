namespace Orchestrator.Emulators.RunPod;

/// <summary>What a pod costs, second by second, kept by the hour: bills are in buckets.</summary>
internal sealed class RunPodMeter(DateTimeOffset created)
{
    private DateTimeOffset _until = created;

    /// <summary>By the hour's beginning.</summary>
    public SortedDictionary<DateTimeOffset, (double Gpu, double Disk)> Hours { get; } = [];

    public double Total => Hours.Values.Sum(hour => hour.Gpu + hour.Disk);

    /// <summary>Adds the time since the last call, during which nothing changed but that billing began at <paramref name="from"/>; null = it has not.</summary>
    public void Run(DateTimeOffset now, DateTimeOffset? from, double rate, double diskRate)
    {
        while (_until < now)
        {
            var hour = new DateTimeOffset(_until.Year, _until.Month, _until.Day, _until.Hour, 0, 0, TimeSpan.Zero);
            var end = hour.AddHours(1) < now ? hour.AddHours(1) : now;
            if (from is { } begun && begun < end)
            {
                var hours = (end - (begun > _until ? begun : _until)).TotalHours;
                var (gpu, disk) = Hours.GetValueOrDefault(hour);
                Hours[hour] = (gpu + (hours * rate), disk + (hours * diskRate));
            }

            _until = end;
        }
    }
}
