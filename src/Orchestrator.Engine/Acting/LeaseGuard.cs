using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Acting;

/// <summary>The check that stands directly before every send.</summary>
public static class LeaseGuard
{
    /// <exception cref="LeaseShortException">Less than <paramref name="needed"/> plus the margin remains.</exception>
    public static void Require(JobLease lease, TimeSpan needed, EngineOptions options)
    {
        if (!Sabotage.NoFencing && lease.Remaining(BootClock.Instance) < needed + options.LeaseMargin)
        {
            throw new LeaseShortException();
        }
    }
}
