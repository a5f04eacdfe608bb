using Orchestrator.Server.Api;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class OverviewTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_adds_up_what_has_not_ended_and_names_the_work_that_would_be_lost_first()
    {
        var overview = Overview.Of(
            [
                Job(4, "active") with { PricePerHour = 0.348m, Cost = 3.98m, Budget = 8, Progress = new(10, 20, _now, 1), LastCheckpoint = new(9, "e", _now.AddMinutes(-2), 1) },
                Job(3, "active") with { PricePerHour = 0.9m, Cost = 1m, Budget = 2, Progress = new(10, 20, _now, 1), Since = _now.AddMinutes(-18) },
                Job(2, "waiting") with { Budget = 5 },
                Job(1, "succeeded") with { Cost = 100, Budget = 100 },
            ],
            _now);

        Assert.Equal([4, 3, 2], overview.Live.Select(job => job.Id));
        Assert.Equal((1.248m, 4.98m, 15m), (overview.PerHour, overview.Spent, overview.Allowed));
        Assert.Equal((3L, TimeSpan.FromMinutes(18)), (overview.Worst!.Value.Job.Id, overview.Worst.Value.Unsaved));
    }

    [Fact]
    public void Without_a_limit_on_one_job_no_sum_is_allowed_and_without_training_nothing_is_unsaved()
    {
        var overview = Overview.Of([Job(2, "waiting"), Job(1, "paused") with { Budget = 5 }], _now);

        Assert.Null(overview.Allowed);
        Assert.Null(overview.Worst);
    }

    [Fact]
    public void What_the_jobs_of_a_batch_share_is_allowed_once()
    {
        var overview = Overview.Of([Job(3, "active") with { Batch = new(1, "sweep", 1, null, 60) }, Job(2, "waiting") with { Batch = new(1, "sweep", 2, null, 60) }, Job(1, "waiting") with { Budget = 5 }], _now);

        Assert.Equal(65, overview.Allowed);
    }

    [Fact]
    public void What_waits_for_a_human_comes_gravest_first_with_what_can_be_done()
    {
        var items = AttentionList.Of(
            [
                Job(6, "paused") with { Reason = "paused by eva" }, Job(5, "paused") with { Reason = "the budget is spent" }, Job(4, "failed") with { Since = _now.AddHours(-1) }, Job(3, "failed") with { Since = _now.AddDays(-4) },
                Job(2, "active"), Job(1, "cancelled"),
            ],
            [
                new(7, _now, "bill-differs", "31 % above", 4) { CanBeDismissed = true }, new(8, _now, "forgotten-instance", "it costs", null),
                new(9, _now, "bill", "settled", null) { ResolvedAt = _now, CanBeDismissed = true }, new(10, _now, "bill", "aside", null) { DismissedAt = _now },
            ],
            [],
            null,
            _now);

        Assert.Equal(["Forgotten instance", "job-6 #6 is paused", "job-5 #5 is paused", "job-4 #4 failed", "Bill differs"], items.Select(item => item.Title));
        Assert.Equal([AttentionAct.None, AttentionAct.Resume, AttentionAct.Raise, AttentionAct.Look, AttentionAct.Dismiss], items.Select(item => item.Act));
        Assert.Equal(("the budget is spent", 5L), (items[2].Text, items[2].Job));
        Assert.Equal(7, items[4].Alert);
    }

    [Fact]
    public void The_burn_curve_spreads_each_instance_over_its_life_and_leaves_out_what_was_before()
    {
        var curve = BurnCurve.Of(
            [Instance("vast", 2m, _now.AddHours(-6), _now.AddHours(-2)), Instance("runpod", 1m, _now.AddHours(-1), null)], _now.AddHours(-4), _now, 4);

        // Half of the first was spent before the curve begins.
        Assert.Equal([0m, 0.5m, 1m, 1m, 2m], curve.Select(point => Math.Round(point.Spent, 6)));
        Assert.Equal(1m, BurnCurve.Of([Instance("vast", 2m, _now.AddHours(-6), _now.AddHours(-2)), Instance("runpod", 1m, _now.AddHours(-1), null)], _now.AddHours(-4), _now, 4, "runpod")[^1].Spent);
    }

    private static JobSummary Job(long id, string state) => new() { Id = id, Name = "job-" + id, State = state, Reason = "", Since = _now.AddHours(-2) };

    private static CostInstance Instance(string provider, decimal dollars, DateTimeOffset from, DateTimeOffset? until) => new()
    {
        Job = 1,
        Attempt = 1,
        Provider = provider,
        Instance = "1",
        From = from,
        Until = until,
        Cost = new(dollars, dollars, 0, 0, 0, 0),
        Metered = dollars,
    };
}
