namespace Orchestrator.Batches;

/// <summary>What of its batch keeps a job from beginning.</summary>
public enum BatchHoldKind
{
    /// <summary>As many run as may.</summary>
    Slot,

    /// <summary>The first of the batch has not shown yet that it works.</summary>
    Canary,

    /// <summary>What is left of the shared budget is held by jobs that run; they may give some of it back.</summary>
    Budget,
}
