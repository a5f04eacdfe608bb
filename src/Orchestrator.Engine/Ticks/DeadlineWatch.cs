using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Ticks;

/// <summary>Tells a person of deadlines at risk, once a minute: each look is a plan for each job that has one.</summary>
public sealed class DeadlineWatch(DeadlineJobs deadlines, JobStore jobs, JobPlans plans, AlertStore alerts, TimeProvider time, EngineOptions options, ILogger<DeadlineWatch> log)
{
    private static readonly TimeSpan _every = TimeSpan.FromMinutes(1);

    private long? _lookedAt;

    public async Task LookAsync(CancellationToken cancellation)
    {
        if (_lookedAt is { } at && time.GetElapsedTime(at) < _every)
        {
            return;
        }

        var began = time.GetTimestamp();
        var (risks, unknown) = (new List<Concern>(), new List<string>());
        foreach (var id in await deadlines.ListAsync(cancellation))
        {
            var snapshot = await jobs.LoadAsync(id, cancellation);
            var now = await jobs.NowAsync(cancellation);
            var plan = await plans.OfAsync(snapshot, now, request => request with { BudgetLeft = null }, cancellation);
            if (plan is not { Complete: true })
            {
                // Who is silent now may have what saves it.
                unknown.Add(id.ToString());
            }
            else if (DeadlineRisk.Of(snapshot.State, plan, options.Policies, now) is { } risk)
            {
                risks.Add(new(AlertKinds.Deadline, id.ToString(), risk));
            }
        }

        foreach (var told in await alerts.SettleAsync(AlertKinds.Deadline, risks, unknown, cancellation))
        {
            log.LogWarning("{Alert}", told.Text);
        }

        _lookedAt = began;
    }
}
