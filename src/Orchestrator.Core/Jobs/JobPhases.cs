namespace Orchestrator.Jobs;

public static class JobPhases
{
    public static bool IsTerminal(this JobPhase phase) =>
        phase is JobPhase.Succeeded or JobPhase.Failed or JobPhase.Cancelled or JobPhase.DeadlineMissed;
}
