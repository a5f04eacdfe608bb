using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Messages;

/// <summary>An event of a job that somebody may want to hear of.</summary>
/// <param name="Job">Which.</param>
/// <param name="Seq">The event's number.</param>
/// <param name="At">When.</param>
/// <param name="Event">Null = it cannot be read.</param>
public sealed record JobNews(JobId Job, long Seq, DateTimeOffset At, JobEvent? Event);
