using Orchestrator.Jobs;

namespace Orchestrator.Reconciling;

/// <summary>The decided end (or pause) of a job; it takes effect when nothing is owed.</summary>
public sealed record JobVerdict(JobPhase Phase, string Why);
