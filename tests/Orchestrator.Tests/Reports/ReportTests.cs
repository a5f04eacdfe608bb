using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Engine.Reports;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Server.Desk;
using Xunit;

namespace Orchestrator.Tests.Reports;

public sealed class ReportTests
{
    /// <summary>However a time is cut into periods, and whatever is known of the jobs, no micro-dollar of the ledger is lost or counted twice.</summary>
    [Fact]
    public void Every_sum_is_the_ledgers_to_the_micro_dollar()
    {
        var random = new Random(11);
        for (var run = 0; run < 60; run++)
        {
            ImmutableArray<MeteredInstance> ledger = [.. Enumerable.Range(1, random.Next(1, 30)).Select(number =>
            {
                var (from, compute) = ((random.NextDouble() * 90) - 20, (decimal)random.NextDouble() * 3);
                return Weekend.Instance(random.Next(1, 8), number, from, from + (random.NextDouble() * 30), compute, (decimal)random.NextDouble(), compute * (decimal)random.NextDouble(), random.Next(5) == 0, random.Next(2) == 0 ? "vast" : "runpod");
            })];
            var known = Enumerable.Range(1, 5).Select(id => Weekend.Job(id, (JobPhase)random.Next(1, 10))).ToImmutableArray();
            List<DateTimeOffset> cuts = [Weekend.Friday.AddDays(-9), .. Enumerable.Range(0, 3).Select(_ => Weekend.Friday.AddHours(random.NextDouble() * 63)).Order(), Weekend.Friday.AddDays(9)];
            var reports = cuts.Zip(cuts.Skip(1), (from, to) => Report.Of(new ReportFacts { Period = new(from, to), Now = cuts[^1], Instances = ledger, Jobs = known })).ToList();

            // As `cost` adds them up.
            var books = CostReplies.Make(ledger, null, withInstances: false, _ => false).Total;
            var replies = reports.Select(ReportReplies.Make).ToList();
            Assert.Equal(books.Total, replies.Sum(reply => reply.Spent.Total));
            Assert.Equal(
                (books.Compute, books.Disk, books.Moves, books.LostWork, books.NeverBooted),
                (replies.Sum(reply => reply.Spent.Compute), replies.Sum(reply => reply.Spent.Disk), replies.Sum(reply => reply.Spent.Moves), replies.Sum(reply => reply.Spent.LostWork), replies.Sum(reply => reply.Spent.NeverBooted)));
            Assert.All(replies, reply =>
            {
                Assert.Equal(reply.Spent.Total, reply.Jobs.Sum(job => job.Cost.Total));
                Assert.Equal(reply.Spent.Total, reply.Providers.Sum(provider => provider.Cost.Total));
                Assert.Equal(reply.Spent.Total, reply.Spent.Compute + reply.Spent.Disk + reply.Spent.Moves + reply.Spent.LostWork + reply.Spent.NeverBooted);
            });
        }
    }

    [Fact]
    public void An_interruption_costs_what_was_not_saved_and_the_time_until_it_trains_again()
    {
        var job = Weekend.Job(
            1, JobPhase.Active, "",
            Weekend.Trained(1, 1, 4, EndReason.InstanceGone),
            Weekend.Trained(2, 0, 0, EndReason.NeverBooted) with { TrainingStartedAt = null, TrainingEndedAt = null },
            Weekend.Trained(3, 5, 7, EndReason.InstanceStopped)) with { Saved = ImmutableDictionary<int, SavedFact>.Empty.Add(1, new(5, Weekend.Friday.AddHours(3.5))) };
        var report = Report.Of(Weekend.Facts with { Jobs = [job, Weekend.Job(2, JobPhase.Cancelled, "", Weekend.Trained(1, 1, 2, EndReason.TrainerLost)) with { IsRehearsal = true }] });

        // Half an hour after the last checkpoint and two hours without one; an hour to the next training, and 56 until Monday.
        Assert.Equal(new InterruptionCount(2, TimeSpan.FromHours(2.5), TimeSpan.FromHours(1 + 56)), report.Interruptions);
        // Of the killed rehearsal nobody speaks; its hours cost money all the same.
        Assert.Equal((1, 0), (report.Count(JobPhase.Active), report.Count(JobPhase.Cancelled)));
    }

    [Fact]
    public void What_was_cut_before_or_after_is_not_of_this_weekend()
    {
        var job = Weekend.Job(1, JobPhase.Waiting, "", Weekend.Trained(1, -9, -1, EndReason.InstanceGone), Weekend.Trained(2, 2, 64, EndReason.InstanceGone));

        Assert.Equal(InterruptionCount.None, Report.Of(Weekend.Facts with { Jobs = [job] }).Interruptions);
    }

    [Fact]
    public void A_shared_budget_counts_once_and_what_is_free_needs_none()
    {
        var free = Weekend.Job(3, JobPhase.Succeeded, "", Weekend.Trained(1, 1, 2) with { Offer = Weekend.Offer with { PricePerHour = Money.Zero } });
        var facts = Weekend.Facts with
        {
            Instances = [.. Enumerable.Range(1, 4).Select(id => Weekend.Instance(id, 1, 1, 2, 0.5m))],
            Jobs = [Shared(1), Shared(2), free with { State = free.State with { Terms = new JobTerms() } }, Weekend.Job(4, JobPhase.Succeeded, "", Weekend.Trained(1, 1, 2))],
            Batches = [new(9, "sweep", Money.FromDollars(60), 1)],
        };

        Assert.Equal(Money.FromDollars(65), Report.Of(facts).Allowed);
        var unbounded = facts.Jobs[3] with { State = facts.Jobs[3].State with { Terms = new JobTerms() } };
        Assert.Null(Report.Of(facts with { Jobs = facts.Jobs.SetItem(3, unbounded) }).Allowed);

        static JobFact Shared(long id)
        {
            var job = Weekend.Job(id, JobPhase.Succeeded, "", Weekend.Trained(1, 1, 2));
            return job with { State = job.State with { Terms = job.State.Terms with { Batch = new BatchTerms("sweep", true, null) } }, Batch = new BatchPart(9, "sweep", (int)id, $"lr={id}", Money.FromDollars(60)) };
        }
    }

    [Fact]
    public void The_same_hours_on_demand_are_paid_at_the_prices_that_were_seen()
    {
        var facts = Weekend.Facts with
        {
            // Half an hour at $0.50, one at $0.70, and half an hour of which no price was seen.
            Instances = [Weekend.Instance(1, 1, 0.5, 2.5, 0.4m, disk: 0.02m)],
            Jobs = [Weekend.Job(1, JobPhase.Succeeded, "", Weekend.Trained(1, 0.5, 2.5))],
            OnDemand = [Weekend.Price(-2, 0.9m), Weekend.Price(0, 0.5m), Weekend.Price(1, 0.7m), Weekend.Price(2, 0.1m, "Interruptible")],
        };

        // That takes the nearest price, of the hour before.
        Assert.Equal(new OnDemandFigure(Money.FromDollars(0.25m + 0.7m + 0.35m + 0.02m), Money.FromDollars(0.42m), 1, 0), OnDemandOnly.Of(facts));

        var late = facts with { Instances = [.. facts.Instances, Weekend.Instance(1, 1, 20, 21, 0.3m) with { InstanceId = "later" }] };
        Assert.Equal((1, 1, Money.FromDollars(0.42m)), (OnDemandOnly.Of(late)!.Compared, OnDemandOnly.Of(late)!.Unknown, OnDemandOnly.Of(late)!.Instead));
        Assert.Null(OnDemandOnly.Of(Weekend.Facts with { Instances = [Weekend.Instance(1, 1, 1, 2, 0)] }));
    }

    [Fact]
    public void The_best_of_a_batch_is_by_what_was_measured_on_other_data()
    {
        Assert.Equal(new BestResult("eval_loss", true, 0.2, 2), Best(("loss", 0.1, 0.3), ("eval_loss", 0.4, 0.2), ("accuracy", 0.9, 0.8)));
        Assert.Equal(new BestResult("val/accuracy", false, 0.9, 1), Best(("loss", 0.1, 0.3), ("val/accuracy", 0.9, 0.8)));
        Assert.Equal(new BestResult("loss", true, 0.3, 2), Best(("loss", double.NaN, 0.3), ("epoch", 0, 1)));
        Assert.Null(Best(("lr", 1, 2)));

        static BestResult? Best(params (string Name, double First, double Second)[] figures) => BestResult.Of(
        [
            (1, figures.ToImmutableSortedDictionary(one => one.Name, one => one.First, StringComparer.Ordinal)),
            (2, figures.ToImmutableSortedDictionary(one => one.Name, one => one.Second, StringComparer.Ordinal)),
        ]);
    }

    [Fact]
    public void What_was_there_and_cannot_be_read_or_is_forgotten_still_costs()
    {
        var report = Report.Of(Weekend.Facts with { Instances = [Weekend.Instance(8, 1, 1, 2, 0.5m)], Unreadable = [8] });

        Assert.Equal((Money.FromDollars(0.5m), 1, null), (report.Spent.Total, report.Unreadable, report.Allowed));
        Assert.True(report.HasRun);
        Assert.False(Report.Of(Weekend.Facts).HasRun);
        Assert.False(Report.Of(Weekend.Facts with { Jobs = [Weekend.Job(1, JobPhase.Scheduled)] }).HasRun);
    }

    [Fact]
    public void An_orphan_costs_beside_the_sums_and_only_for_its_time_in_the_period()
    {
        var report = Report.Of(Weekend.Facts with { Orphans = [new("vast", "7", "orc-x", Weekend.Friday.AddHours(-1), Weekend.Friday.AddHours(1), Money.FromDollars(0.4m)), new("vast", "8", "orc-y", Weekend.Monday.AddHours(1), null, Money.FromDollars(1))] });

        Assert.Equal((1, Money.FromDollars(0.4m), Money.Zero), (report.Orphans, report.OrphanCost, report.Spent.Total));
    }
}
