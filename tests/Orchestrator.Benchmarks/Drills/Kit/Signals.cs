using Orchestrator.Engine.Processes;

namespace Orchestrator.Drills.Kit;

/// <summary>Signals to processes that the drills started.</summary>
public static class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>To the process, if it is still that one.</summary>
    public static void Send(LiveProcess process, int signal)
    {
        ArgumentNullException.ThrowIfNull(process);
        new ProcessIdentity(ProcessIdentity.CurrentBootId, process.Pid, process.StartTicks).TrySignal(signal);
    }
}
