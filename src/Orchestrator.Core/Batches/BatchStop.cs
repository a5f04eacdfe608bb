using Orchestrator.Jobs;

namespace Orchestrator.Batches;

/// <summary>A job that is not worth going on with, because of what became of another one.</summary>
/// <param name="Job">The one to cancel.</param>
/// <param name="Why">For its timeline.</param>
public sealed record BatchStop(JobId Job, string Why);
