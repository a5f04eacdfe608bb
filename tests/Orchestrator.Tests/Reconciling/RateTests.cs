using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>What the provider's record says of the price, against what the job allows.</summary>
public sealed class RateTests
{
    private static readonly JobTerms _limited = new() { HasCheckpoints = true, MaxHourly = Money.FromDollars(1.5m) };

    [Theory]
    [InlineData(AttemptPhase.Booting, AttemptPhase.Terminating)]
    [InlineData(AttemptPhase.Connecting, AttemptPhase.Terminating)]
    [InlineData(AttemptPhase.Running, AttemptPhase.Draining)]
    public void What_is_dearer_than_the_job_allows_is_given_up_with_what_it_made_stored(AttemptPhase phase, AttemptPhase then)
    {
        var scene = new Scene(_limited).Reach(phase);
        scene.Listed = InstanceStatus.Running;
        scene.ListedRate = Money.FromDollars(1.6m);
        scene.Tick(1);
        Assert.Equal(EndReason.None, scene.Newest.Reason);

        scene.Tick(60);

        Assert.Equal((EndReason.CheckFailed, then), (scene.Newest.Reason, scene.Newest.Phase));
        Assert.Contains("charges $1.60/h instead of $1.00/h, and max-hourly is $1.50/h", scene.Newest.Why, StringComparison.Ordinal);
        Assert.Empty(scene.Tick(1));
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(1.2)]
    [InlineData(0)]
    public void What_stays_within_the_limit_goes_on(double rate)
    {
        var scene = new Scene(_limited).Reach(AttemptPhase.Running);
        scene.ListedRate = Money.FromDollars((decimal)rate);

        scene.Tick(1);

        Assert.Equal((EndReason.None, AttemptPhase.Running), (scene.Newest.Reason, scene.Newest.Phase));
    }

    [Fact]
    public void The_last_digits_of_a_price_end_nothing()
    {
        var scene = new Scene(_limited with { MaxHourly = Money.FromDollars(1m) }).Reach(AttemptPhase.Running);
        scene.ListedRate = Money.FromDollars(1.004m);

        scene.Tick(1);

        Assert.Equal(AttemptPhase.Running, scene.Newest.Phase);
    }

    [Fact]
    public void Without_a_limit_the_books_follow_once_it_was_said_twice()
    {
        var scene = new Scene(new() { HasCheckpoints = true }).Reach(AttemptPhase.Running);
        scene.ListedRate = Money.FromDollars(1.6m);

        scene.Tick(1);
        Assert.Equal(Money.FromDollars(1), scene.Newest.Offer.PerHour);
        scene.Tick(60);

        Assert.Equal((Money.FromDollars(1.6m), AttemptPhase.Running), (scene.Newest.Offer.PerHour, scene.Newest.Phase));
        Assert.Empty(scene.Tick(60));
    }

    [Fact]
    public void A_price_that_was_said_once_changes_nothing()
    {
        var scene = new Scene(_limited).Reach(AttemptPhase.Running);
        scene.ListedRate = Money.FromDollars(100);
        scene.Tick(1);
        scene.ListedRate = Money.FromDollars(1);
        scene.Tick(1);
        scene.ListedRate = Money.FromDollars(100);

        scene.Tick(60);

        Assert.Equal((Money.FromDollars(1), EndReason.None), (scene.Newest.Offer.PerHour, scene.Newest.Reason));
    }

    [Fact]
    public void Where_the_list_says_nothing_nothing_is_judged()
    {
        var silent = new Scene(_limited).Reach(AttemptPhase.Running);

        silent.Tick(1);

        Assert.Equal(AttemptPhase.Running, silent.Newest.Phase);
    }
}
