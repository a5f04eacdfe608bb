using System.Diagnostics;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>
/// The right of one server to tick one job now. It is taken on the database's clock and measured on this process's monotonic
/// clock from before the call that took it: a server that slept finds it has run out, whatever the wall clock says.
/// </summary>
/// <param name="Job">The job.</param>
/// <param name="Token">Fencing token: rises with every lease of the job; appends with an older one are refused.</param>
/// <param name="Now">The database's clock when it was taken: the tick's <c>now</c>.</param>
/// <param name="Duration">How long it holds from then.</param>
/// <param name="TakenAt">Monotonic time stamp from before the call.</param>
public sealed record JobLease(JobId Job, long Token, DateTimeOffset Now, TimeSpan Duration, long TakenAt)
{
    /// <summary>What is left, never more than the database would say.</summary>
    public TimeSpan Remaining(TimeProvider time) => Duration - time.GetElapsedTime(TakenAt);
}
