using Orchestrator.Jobs;

namespace Orchestrator.Engine.Recurring;

/// <param name="Job">A run that has not ended.</param>
/// <param name="Phase">What it does.</param>
public sealed record LiveRun(JobId Job, string Phase);
