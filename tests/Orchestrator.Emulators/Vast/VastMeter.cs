namespace Orchestrator.Emulators.Vast;

/// <summary>What an instance costs, second by second: the card while it runs, the disk while its host is there.</summary>
internal sealed class VastMeter(DateTimeOffset created)
{
    private DateTimeOffset _until = created;

    public DateTimeOffset Created { get; } = created;

    public double Gpu { get; private set; }

    public double Disk { get; private set; }

    public double GpuHours { get; private set; }

    public double Total => Gpu + Disk;

    /// <summary>Adds the time since the last call, during which nothing changed but that it came up at <paramref name="upAt"/>.</summary>
    public void Run(DateTimeOffset now, DateTimeOffset? upAt, double rate, double storagePerHour)
    {
        if (now <= _until)
        {
            return;
        }

        Disk += (now - _until).TotalHours * storagePerHour;
        if (upAt is { } up && up < now)
        {
            var hours = (now - (up > _until ? up : _until)).TotalHours;
            GpuHours += hours;
            Gpu += hours * rate;
        }

        _until = now;
    }

    public DateTimeOffset Until => _until;
}
