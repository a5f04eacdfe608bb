namespace Orchestrator.Server.Api;

/// <summary>What became of an instant of a series.</summary>
/// <param name="At">The instant.</param>
/// <param name="Job">The run's number; null = there is none.</param>
/// <param name="State">The run's, as in the job list.</param>
/// <param name="Why">In words.</param>
public sealed record SeriesRun(DateTimeOffset At, long? Job, string? State, string Why);
