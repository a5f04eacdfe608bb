using Orchestrator.Jobs;

namespace Orchestrator.Engine.Messages;

/// <summary>A job that trained and does not.</summary>
/// <param name="Job">Which.</param>
/// <param name="Attempt">The attempt that trained last.</param>
/// <param name="Since">When it ended.</param>
/// <param name="Why">Why it ended.</param>
public sealed record JobAway(JobId Job, int Attempt, DateTimeOffset Since, string Why);
