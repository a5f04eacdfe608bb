namespace Orchestrator.Engine.Ticks;

/// <summary>The methods that Hangfire stores by name: never renamed, only primitive arguments, safe to run twice, safe to lose.</summary>
public interface IJobTicks
{
    /// <summary>One pass over one job.</summary>
    Task ReconcileTick(long jobId, CancellationToken cancellation);

    /// <summary>The recurring repair pass.</summary>
    Task Sweep(CancellationToken cancellation);
}
