using System.Globalization;

namespace Orchestrator.Agent.Native;

/// <summary>A process for good: pids are reused, but not with the same start time within one boot.</summary>
internal sealed record ProcessIdentity(string BootId, int Pid, long StartTicks)
{
    private static string? bootId;

    /// <summary>The kernel's id of this boot.</summary>
    public static string CurrentBoot => bootId ??= File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Who runs under this pid now; null = nobody (a zombie counts as nobody).</summary>
    public static ProcessIdentity? Of(int pid) =>
        ProcessEntry.Read(pid) is { State: not 'Z' } entry ? new ProcessIdentity(CurrentBoot, pid, entry.StartTicks) : null;

    public static ProcessIdentity Self => Of(Environment.ProcessId) ?? throw new InvalidOperationException("/proc shows no entry for this process");

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsAlive => BootId == CurrentBoot && Of(Pid) == this;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"pid {Pid}");
}
