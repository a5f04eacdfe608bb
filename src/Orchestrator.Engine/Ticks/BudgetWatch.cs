using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Ticks;

/// <summary>Tells a person, once for each, that a share of a job's budget is spent (<c>budget.alerts</c>), or of its batch's.</summary>
public sealed class BudgetWatch(PaidJobs jobs, BatchStore batches, AlertStore alerts, ILogger<BudgetWatch> log)
{
    public async Task LookAsync(CancellationToken cancellation)
    {
        var unreadable = new HashSet<string>(StringComparer.Ordinal);
        var reached = new List<Concern>();
        var live = await jobs.ListAsync(cancellation);
        foreach (var job in live)
        {
            if (job.State is null)
            {
                unreadable.Add(job.Id.ToString());
                log.LogError("job {Job} cannot be read, and nobody is told of its budget: {Words}", job.Id, job.Unreadable);
                continue;
            }

            // What a job holds of a shared budget is hardly more than it needs: that says nothing.
            if (job.State.Terms is { Batch.SharesBudget: true } || job.State.Terms.MaxTotal is not { } budget || BudgetAlerts.Reached(job.State.SpentAt(job.Now), budget, job.Alerts) is not { } share)
            {
                continue;
            }

            // A kind for each share: the next one is a new alert, and takes the place of this one.
            var (kind, subject) = (string.Create(CultureInfo.InvariantCulture, $"{AlertKinds.Budget}-{share * 100:0.##}"), job.State.Id.ToString());
            reached.Add(new(kind, subject, string.Create(CultureInfo.InvariantCulture, $"{job.State.Name}{subject} has spent {share * 100:0.##} % of its budget of {budget}; more: orchestrator resume {job.State.Id.Value} --budget AMOUNT")));
        }

        foreach (var (name, budget, beside) in await batches.BudgetsAsync(cancellation))
        {
            var spent = live.Where(job => job.State?.Terms.Batch?.Name == name).Aggregate(beside, (sum, job) => sum + job.State!.SpentAt(job.Now));
            if (BudgetAlerts.Reached(spent, budget, new BudgetSpec().Alerts) is { } share)
            {
                reached.Add(new(
                    string.Create(CultureInfo.InvariantCulture, $"{AlertKinds.Budget}-{share * 100:0.##}"), $"batch {name}",
                    string.Create(CultureInfo.InvariantCulture, $"batch {name} has spent {share * 100:0.##} % of its budget of {budget}; more: orchestrator batch {name} --budget AMOUNT")));
            }
        }

        // What is left out: the next share is reached, the budget was raised, or the job has ended.
        foreach (var told in await alerts.SettleAsync(AlertKinds.Budget, reached, unreadable, cancellation))
        {
            log.LogWarning("{Alert}", told.Text);
        }
    }
}
