using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Orchestrator.Engine;

/// <summary>
/// Named boundaries between what is committed and what is done, where the crash drill kills or stops this process. Off unless
/// <c>ORCHESTRATOR_FAILPOINT=NAME:N:ACTION</c> is set: at the N-th hit of NAME, <c>kill</c> (SIGKILL), <c>stop</c> (SIGSTOP)
/// or <c>throw</c>. The hit is written to <c>ORCHESTRATOR_FAILPOINT_LOG</c> first, so that a drill knows it was reached.
/// </summary>
public static partial class FailPoints
{
    private static readonly Armed? _armed = Parse(Environment.GetEnvironmentVariable("ORCHESTRATOR_FAILPOINT"));
    private static int _hits;

    /// <summary>All that a job reaches, in their usual order; the drill walks this list. Those of a key rotation have tests of their own.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "tick-leased", "tick-decided", "tick-committed", "launch-recorded", "launch-unchecked", "launch-checked", "launch-sent", "launch-noted",
        "command-stored", "events-received", "events-stored", "checkpoint-verified", "manifests-scanned", "checkpoint-erased",
        "destroy-checked", "destroy-sent", "tick-done",
    ];

    public static void Hit(string name)
    {
        if (_armed is null || !string.Equals(_armed.Name, name, StringComparison.Ordinal) || Interlocked.Increment(ref _hits) != _armed.Count)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_FAILPOINT_LOG") is { Length: > 0 } log)
        {
            File.AppendAllText(log, string.Create(CultureInfo.InvariantCulture, $"{name} {_armed.Action} {Environment.ProcessId}\n"));
        }

        switch (_armed.Action)
        {
            case "kill":
                Process.GetCurrentProcess().Kill();
                Thread.Sleep(Timeout.Infinite);
                break;
            case "stop":
                // To this very thread: a signal to the process is taken by any thread, and this one would run on for a moment.
                _ = Raise(19 /* SIGSTOP */);
                break;
            default:
                throw new InvalidOperationException($"fail point {name}");
        }
    }

    private static Armed? Parse(string? text)
    {
        var parts = text?.Split(':');
        return parts is [{ Length: > 0 } name, var count, "kill" or "stop" or "throw"]
            ? new Armed(name, int.Parse(count, CultureInfo.InvariantCulture), parts[2])
            : null;
    }

    [LibraryImport("libc", EntryPoint = "raise")]
    private static partial int Raise(int signal);

    private sealed record Armed(string Name, int Count, string Action);
}
