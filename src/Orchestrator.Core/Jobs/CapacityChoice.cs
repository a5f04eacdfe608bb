namespace Orchestrator.Jobs;

/// <summary>Which capacity types may be rented.</summary>
public enum CapacityChoice
{
    Auto,
    OnDemand,
    Interruptible,
}
