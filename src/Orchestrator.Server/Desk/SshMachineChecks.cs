using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Desk;

/// <summary>One machine in the words of <c>doctor</c>.</summary>
internal static class SshMachineChecks
{
    /// <summary>A clock that is off by more makes signed URLs expire early or late.</summary>
    private static readonly TimeSpan _clockTolerance = TimeSpan.FromSeconds(30);

    private const UnixFileMode OthersMay =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <param name="view">As examined.</param>
    /// <param name="ban">Spoken by a person; null = none.</param>
    /// <param name="now">For its hours.</param>
    internal static DoctorCheck Describe(MachineView view, MachineBan? ban, DateTimeOffset now)
    {
        var (machine, place) = (view.Machine, view.Machine.Host);
        if (machine.Gone)
        {
            return new(place, "ok", "said to be gone; take it out of orchestrator.yaml once no job names it any more");
        }

        if (view.Trouble is { } trouble)
        {
            return new(place, "bad", trouble, "what runs there is kept on the books; nothing new begins there until that is mended");
        }

        if (view.Inventory is not { } has)
        {
            return new(place, "bad", "nothing is known of it yet", "ask again in a moment");
        }

        List<string> facts =
        [
            $"{has.Cpus} CPUs", $"{Say.Size(has.MemoryBytes)} memory", has.RoomBytes is { } free ? $"{Say.Size(free)} free" : "disk unknown",
            has.Gpus.IsEmpty ? "no GPU" : $"{has.Gpus.Length} x {has.Gpus[0]} (driver {has.Driver})",
            Docker(has), Line(view.Line),
            $"{view.Used} of {view.Slots} slots in use", FormattableString.Invariant($"${machine.PricePerHour.Dollars:0.000}/h"),
        ];
        var words = string.Join(", ", facts);
        return true switch
        {
            _ when OpenKey(machine.Address) is { } open => new(place, "warning", $"{words}; others may read {open}, and ssh, exec, cp and forward refuse such a key", $"chmod 600 {open}"),
            _ when has.ClockAhead.Duration() > _clockTolerance => new(place, "warning", $"{words}; its clock is off by {Say.For(has.ClockAhead.Duration())}", "set its clock (NTP)"),
            _ when has.DockerTrouble?.Contains("permission denied", StringComparison.OrdinalIgnoreCase) == true =>
                new(place, "warning", words, $"for jobs with an image, add {machine.Address.User} to the group docker there: sudo usermod -aG docker {machine.Address.User}"),
            _ when has.DockerTrouble is not null => new(place, "warning", words, "jobs with an image go elsewhere until it does"),
            _ when has is { Gpus.IsEmpty: false, Docker: not null, NvidiaRuntime: false } =>
                new(place, "warning", words + "; no NVIDIA runtime", "for jobs with an image, install the NVIDIA container toolkit there and run: sudo nvidia-ctk runtime configure --runtime=docker"),
            _ when ban is not null => new(place, "warning", $"{words}; {ban}; nothing new begins there", $"orchestrator machine unban {machine.Name}"),
            _ when machine.Banned => new(place, "warning", words + "; banned: nothing new begins there", "take away \"banned\" in orchestrator.yaml"),
            _ when machine.Expires <= now => new(place, "warning", $"{words}; expired", "take it out, or mark it gone: yes"),
            _ when machine.Hours is { } hours && hours.OpenUntil(now) is null => new(place, "ok", $"{words}; not used outside {hours.Window}"),
            _ => new(place, "ok", words),
        };
    }

    /// <summary>OpenSSH does not use a key file that others may read, and what people run goes through it.</summary>
    private static string? OpenKey(MachineAddress? machine) => machine is null
        ? null
        : machine.KeyFile is { } file && File.Exists(file) && (File.GetUnixFileMode(file) & OthersMay) != 0 ? file : OpenKey(machine.Jump);

    private static string Line(MachineLine? line) => line is null
        ? "line not measured yet"
        : $"line reached {Say.Mbps(line.DownMbps)} Mbps down, {Say.Mbps(line.UpMbps)} up";

    private static string Docker(MachineInventory has) => has switch
    {
        { DockerTrouble: { } trouble } => "Docker does not answer (" + trouble + ")",
        { Docker: { } version } => $"Docker {version}{(has.NvidiaRuntime ? " with NVIDIA runtime" : "")}",
        _ => "no Docker",
    };
}
