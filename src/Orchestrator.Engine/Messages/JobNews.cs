using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Messages;

/// <summary>An event of a job that somebody may want to hear of.</summary>
public sealed record JobNews(JobId Job, long Seq, DateTimeOffset At, JobEvent Event);
