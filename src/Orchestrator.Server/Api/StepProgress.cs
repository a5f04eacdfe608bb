namespace Orchestrator.Server.Api;

/// <param name="Step">Newest step the trainer reported.</param>
/// <param name="Total">Steps in all; null = the trainer does not say.</param>
/// <param name="At">When the step last rose.</param>
/// <param name="SecondsPerStep">Measured over the current attempt; null while it cannot be told.</param>
public sealed record StepProgress(long Step, long? Total, DateTimeOffset? At, double? SecondsPerStep);
