using Orchestrator.Jobs;

namespace Orchestrator.Recovery;

/// <param name="Verdict">The job ends so; null = another attempt.</param>
/// <param name="RetryAt">Not before this instant.</param>
/// <param name="Why">For a person.</param>
public sealed record RecoveryDecision(JobPhase? Verdict, DateTimeOffset RetryAt, string Why);
