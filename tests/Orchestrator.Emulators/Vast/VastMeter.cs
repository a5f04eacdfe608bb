namespace Orchestrator.Emulators.Vast;

/// <summary>What an instance costs, second by second: the card while it runs, the disk while its host is there; and every byte, whatever its state.</summary>
/// <param name="created">When.</param>
/// <param name="downPerGB">Dollars for 10^9 bytes received, of the ask that was taken.</param>
/// <param name="upPerGB">Dollars for 10^9 bytes sent.</param>
internal sealed class VastMeter(DateTimeOffset created, double downPerGB, double upPerGB)
{
    private DateTimeOffset _until = created;

    public DateTimeOffset Created { get; } = created;

    public double Gpu { get; private set; }

    public double Disk { get; private set; }

    public double GpuHours { get; private set; }

    /// <summary>Up to the last look.</summary>
    public HostTraffic Moved { get; private set; } = HostTraffic.None;

    public double Down => Moved.Received / 1e9 * downPerGB;

    public double Up => Moved.Sent / 1e9 * upPerGB;

    public double Total => Gpu + Disk + Down + Up;

    /// <summary>So much it has moved by now, all in all.</summary>
    public void Move(HostTraffic total) => Moved = total;

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
