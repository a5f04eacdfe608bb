using System.Globalization;

namespace Orchestrator.Engine.Processes;

/// <summary>
/// Names one process for ever: pids are reused, start times repeat after a reboot, the three together do not.
/// <paramref name="StartTicks"/> is in clock ticks since boot.
/// </summary>
public sealed record ProcessIdentity(string BootId, int Pid, long StartTicks)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    public static string CurrentBootId { get; } = File.ReadAllText(BootIdFile).Trim();

    /// <summary>The process that now has this pid; null where none has, or it is a zombie.</summary>
    public static ProcessIdentity? Of(int pid) =>
        ProcessStat.Read(pid) is { HasEnded: false } stat ? new(CurrentBootId, pid, stat.StartTicks) : null;

    public static ProcessIdentity Current() => Of(Environment.ProcessId) ?? throw new InvalidOperationException("/proc is not mounted");

    public bool IsAlive() =>
        BootId == CurrentBootId && ProcessStat.Read(Pid) is { HasEnded: false } stat && stat.StartTicks == StartTicks;

    /// <summary>Sends a signal if the process is still this one. False: it is gone, or not ours to signal.</summary>
    public bool TrySignal(int signal) => IsAlive() && Libc.Kill(Pid, signal) == 0;

    /// <summary>Waits until the process has ended. False: it was still there after <paramref name="limit"/>.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (IsAlive())
        {
            if (TimeProvider.System.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        return true;
    }

    /// <summary>One line for files and rows: BOOT-ID/PID/START-TICKS.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{BootId}/{Pid}/{StartTicks}");

    public static ProcessIdentity? TryParse(string? text)
    {
        var parts = (text ?? "").Trim().Split('/');
        return parts.Length == 3
            && Guid.TryParse(parts[0], out _)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && pid > 0
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new(parts[0], pid, ticks)
            : null;
    }
}
