using Orchestrator.Jobs;
using Orchestrator.Planning;
using Xunit;

namespace Orchestrator.Tests.Planning;

public sealed class ForecastRhythmTests
{
    [Fact]
    public void An_upload_that_cannot_keep_up_sets_the_rhythm_and_is_told()
    {
        var request = Market.Request(10) with
        {
            Rhythm = new RhythmTerms { Every = new CheckpointRhythm { Kind = RhythmKind.Fixed, Interval = TimeSpan.FromMinutes(1) } },
        };
        var advice = Market.Forecast(request, Market.Offer("a", 0.4) with { UpMbps = 20 }).Checkpoints;

        Assert.False(advice?.KeepsUp);
        Assert.Equal(advice?.Upload, advice?.Every);
        Assert.Equal(advice?.Every, advice?.Stored);
        Assert.True(Market.Forecast(request, Market.Offer("b", 0.4) with { UpMbps = 900 }).Checkpoints?.KeepsUp);
    }

    /// <summary>Nobody asks it: it stands still for each of them, and of those that wait only the newest is sent.</summary>
    [Fact]
    public void A_trainer_with_a_rhythm_of_its_own_stands_still_for_checkpoints_that_are_never_stored()
    {
        var request = Market.Request(20) with
        {
            Rhythm = new RhythmTerms { Known = TimeSpan.FromMinutes(1) },
            Sizes = Market.Request(1).Sizes with { Checkpoint = ByteSize.FromGigabytes(60) },
        };
        var offer = Market.Offer("a", 0.4) with { UpMbps = 700, Score = 0.9999 };
        var own = Market.Forecast(request, offer);

        Assert.Equal((TimeSpan.FromMinutes(1), false), (own.Checkpoints!.Every, own.Checkpoints.KeepsUp));
        // Of 14.3 minutes for an upload, a minute of work and 65 seconds of standstill by turns: 6.9 minutes are work.
        Assert.InRange(own.Checkpoints.Stored, TimeSpan.FromMinutes(6.8), TimeSpan.FromMinutes(7));
        Assert.InRange(own.Time.TotalHours, 20 * (125d / 60), (20 * (125d / 60)) + 3);
        Assert.True(Market.Forecast(request with { Rhythm = new RhythmTerms { Every = new CheckpointRhythm { Kind = RhythmKind.Fixed, Interval = TimeSpan.FromMinutes(1) } } }, offer).Time < TimeSpan.FromHours(24));
    }

    [Fact]
    public void A_rhythm_that_nobody_knows_is_told_as_assumed()
    {
        Assert.True(Market.Forecast(Market.Request(10) with { Rhythm = new RhythmTerms() }, Market.Offer("a", 0.4)).Checkpoints!.IsAssumed);
        Assert.False(Market.Forecast(Market.Request(10) with { Rhythm = new RhythmTerms { Known = TimeSpan.FromMinutes(9) } }, Market.Offer("a", 0.4)).Checkpoints!.IsAssumed);
        Assert.False(Market.Forecast(Market.Request(10), Market.Offer("a", 0.4)).Checkpoints!.IsAssumed);
    }

    [Theory]
    [InlineData(50, 600, "too rare")]
    [InlineData(50, 61, "too rare")]
    [InlineData(50, 60, null)]
    [InlineData(50, 31, null)]
    [InlineData(10, 1, "costs more than it must")]
    [InlineData(10, 300, "costs more than it must")]
    public void A_rhythm_far_from_the_optimum_is_something_to_mend(double hours, double minutes, string? words)
    {
        var every = new CheckpointRhythm { Kind = RhythmKind.Fixed, Interval = TimeSpan.FromMinutes(minutes) };
        var hint = Market.Plan(Market.Request(hours) with { Rhythm = new RhythmTerms { Every = every } }, Market.Offer("a", 0.4)).Missing.SingleOrDefault();

        Assert.Equal(words is null, hint is null);
        Assert.Contains(words ?? "", hint ?? "", StringComparison.Ordinal);
        Assert.StartsWith(words is null ? "" : "checkpoints: {every: auto} ", hint ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void We_ask_for_checkpoints_near_the_optimum_and_at_least_every_hour_in_long_runs()
    {
        var risky = Market.Forecast(Market.Request(30, all => all with { MinScore = 0 }), Market.Offer("a", 0.4) with { Score = 0.9 }).Checkpoints!;
        var calm = Market.Forecast(Market.Request(30), Market.Offer("b", 0.4) with { Score = 0.999 }).Checkpoints!;

        Assert.InRange(risky.Every, risky.OptimumFrom, risky.OptimumTo);
        Assert.True(risky.Every < calm.Every);
        Assert.True(calm.Every <= TimeSpan.FromHours(1));
    }

    [Fact]
    public void Where_uploads_are_paid_for_checkpoints_are_rarer()
    {
        var free = Market.Forecast(Market.Request(10), Market.Offer("a", 0.4)).Checkpoints!;
        var paid = Market.Forecast(Market.Request(10), Market.Offer("b", 0.4) with { UpPerGB = Money.FromDollars(0.02m) }).Checkpoints!;

        Assert.True(paid.Every > free.Every);
        Assert.InRange(paid.Every, paid.OptimumFrom, paid.OptimumTo);
    }
}
