using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;
using Xunit;

namespace Orchestrator.Tests.Planning;

/// <summary>What <c>checkpoints.every: auto</c> becomes on an offer.</summary>
public sealed class RhythmTests
{
    private static readonly Offer _offer = Market.Bid("a", 0.2, 0.4);

    [Fact]
    public void The_rhythm_of_an_offer_is_what_its_forecast_counts_with()
    {
        var choice = Market.Plan(Market.Request(10), _offer).Choices[0];

        Assert.Equal(choice.Forecast!.Checkpoints!.Every, choice.Rhythm!.Every);
        Assert.Equal((choice.Forecast.Checkpoints.Upload, choice.Forecast.MeanBetween), (choice.Rhythm.Upload, choice.Rhythm.MeanBetween));
        Assert.Equal(("vast", "a", choice.Rhythm), Assert.Single(Market.Plan(Market.Request(10), _offer).ToView().Rhythms) is var one ? (one.Provider, one.OfferId, one.Rhythm) : default);
    }

    [Theory]
    [InlineData(RhythmKind.Trainer)]
    [InlineData(RhythmKind.Fixed)]
    public void It_is_the_plans_to_decide_only_where_the_spec_says_so(RhythmKind kind)
    {
        var request = Market.Request(10) with { Rhythm = new RhythmTerms { Every = new CheckpointRhythm { Kind = kind, Interval = TimeSpan.FromMinutes(7) } } };

        Assert.Null(Market.Plan(request, _offer).Choices[0].Rhythm);
        Assert.Empty(Market.Plan(request, _offer).ToView().Rhythms);
    }

    [Fact]
    public void Where_hosts_are_lost_oftener_checkpoints_come_oftener()
    {
        var memory = new MarketMemory { Lives = [.. Enumerable.Repeat(new LifeSeen(Place.Of(_offer), Market.Now, TimeSpan.FromHours(1), true), 20)] };

        Assert.True(Rhythm(Market.Request(10), memory).Every < Rhythm(Market.Request(10)).Every);
    }

    [Fact]
    public void It_is_never_shorter_than_an_upload_and_a_measured_checkpoint_changes_it()
    {
        var request = Market.Request(10);
        var huge = Planner.Plan(
            request with { Sizes = request.Sizes with { Checkpoint = ByteSize.FromGigabytes(60) } }, [_offer with { UpMbps = 100 }], complete: true, MarketMemory.Empty).Choices[0].Rhythm!;
        var small = request with { Sizes = request.Sizes with { Checkpoint = ByteSize.FromGigabytes(0.01m) } };

        Assert.True(huge.Every >= huge.Upload && huge.Upload > TimeSpan.FromHours(1), huge.ToString());
        Assert.True(Rhythm(small).Every < Rhythm(request).Every);
        Assert.True(Rhythm(small).Every >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Without_an_estimate_it_is_that_of_a_long_run()
    {
        var unknown = Rhythm(Market.Request(null));

        Assert.InRange(unknown.Every, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        Assert.Null(Market.Plan(Market.Request(null), _offer).Choices[0].Forecast);
        Assert.Null(Market.Plan(Market.Request(null) with { Rhythm = new RhythmTerms() }, _offer).Choices[0].Rhythm);
    }

    private static AttemptRhythm Rhythm(PlanRequest request, MarketMemory? memory = null) =>
        Planner.Plan(request, [_offer], complete: true, memory ?? MarketMemory.Empty).Choices[0].Rhythm!;
}
