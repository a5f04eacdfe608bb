using Orchestrator.Jobs;

namespace Orchestrator.Attempts;

/// <summary>Whose an instance is now that it has passed on.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">Its attempt.</param>
public sealed record HostHeir(JobId Job, int Attempt);
