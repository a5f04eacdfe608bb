using Orchestrator.Jobs;

namespace Orchestrator.Reconciling;

/// <summary>The decided end (or pause) of a job; it takes effect when nothing is owed.</summary>
public sealed record JobVerdict(JobPhase Phase, string Why)
{
    /// <summary>See <see cref="VerdictReached.OfBudget"/>.</summary>
    public bool OfBudget { get; init; }
}
