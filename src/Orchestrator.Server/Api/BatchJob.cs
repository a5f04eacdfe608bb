namespace Orchestrator.Server.Api;

/// <param name="Place">Its place among those that wait for their turn, from 1; null = it does not.</param>
/// <param name="Job">The job.</param>
public sealed record BatchJob(int? Place, JobSummary Job);
