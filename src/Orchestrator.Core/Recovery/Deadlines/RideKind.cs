namespace Orchestrator.Recovery.Deadlines;

public enum RideKind : byte
{
    Idle,
    Interruptible,
    OnDemand,
}
