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
    public void Without_a_limit_or_a_word_of_the_list_nothing_is_judged()
    {
        var free = new Scene().Reach(AttemptPhase.Running);
        free.ListedRate = Money.FromDollars(100);
        free.Tick(1);
        var silent = new Scene(_limited).Reach(AttemptPhase.Running);
        silent.Tick(1);

        Assert.Equal((AttemptPhase.Running, AttemptPhase.Running), (free.Newest.Phase, silent.Newest.Phase));
    }
}
