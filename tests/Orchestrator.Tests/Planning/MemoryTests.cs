using Orchestrator.Attempts;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Forecasting;
using Orchestrator.Planning.Memory;
using Xunit;

namespace Orchestrator.Tests.Planning;

/// <summary>What own history does to forecasts.</summary>
public sealed class MemoryTests
{
    private static readonly Offer _offer = Market.Offer("a", 0.4);
    private static readonly Offer _kin = Market.Offer("b", 0.4);
    private static readonly Offer _stranger = Market.Offer("c", 0.4, "RTX 3090");
    private static readonly Offer _foreign = Market.Offer("d", 0.4) with { Provider = "other", Host = "other/d" };

    [Fact]
    public void An_interruption_counts_most_against_its_host_then_its_kind_then_its_provider_and_not_elsewhere()
    {
        var memory = new MarketMemory { Lives = [Life(1, 0, true), Life(2, 0, true)] };

        Assert.True(Interruptions(_offer, memory) / Interruptions(_offer) > Interruptions(_kin, memory) / Interruptions(_kin));
        Assert.True(Interruptions(_kin, memory) / Interruptions(_kin) > Interruptions(_stranger, memory) / Interruptions(_stranger));
        Assert.True(Interruptions(_stranger, memory) > Interruptions(_stranger));
        Assert.Equal(Interruptions(_foreign), Interruptions(_foreign, memory));
    }

    /// <summary>Whoever rents only good hosts, or only at the floor, learns nothing from getting what was to be expected.</summary>
    [Theory]
    [InlineData(0.999, false, 1)]
    [InlineData(0.9, false, 1)]
    [InlineData(0.97, true, 1)]
    [InlineData(0.97, true, 1.3)]
    public void Lives_are_counted_against_what_was_expected_of_them(double score, bool isBid, double ofFloor)
    {
        var offer = isBid ? Market.Bid("a", 0.4, 0.6) : _offer;
        offer = offer with { Score = score, PricePerHour = new Money((long)(offer.PricePerHour.MicroDollars * ofFloor)) };
        var life = TimeSpan.FromHours(Hazard.Hours(1 / Hazard.PriorRate(offer, offer.PricePerHour)));
        LifeSeen Seen(TimeSpan lived, bool lost) => AttemptSeen.Of(
            offer, 0, null, lost ? EndReason.InstanceGone : EndReason.Succeeded, Market.Now - lived, Market.Now - lived, Market.Now - lived, Market.Now).Life!;

        double Between(params LifeSeen[] lives) => Market.Forecast(
            Market.Request(10, all => all with { MinScore = 0 }), offer, new MarketMemory { Lives = [.. lives.SelectMany(one => Enumerable.Repeat(one, 10))] }).MeanBetween.TotalHours;

        // As many interruptions as were expected, then more and fewer.
        Assert.Equal(1, Between(Seen(life, true)) / Between(), 0.01);
        Assert.True(Between(Seen(life / 2, true)) < 0.9 * Between());
        Assert.True(Between(Seen(life, true), Seen(life, false)) > 1.1 * Between());
    }

    [Fact]
    public void An_attempt_keeps_what_was_expected_of_its_host()
    {
        var bid = Market.Bid("a", 0.4, 0.6) with { Score = 0.97, PricePerHour = Money.FromDollars(0.5m) };

        Assert.Equal(Hazard.PriorRate(bid, bid.PricePerHour), Hazard.PriorRate(OfferTaken.Of(bid, null).ToOffer(), bid.PricePerHour));
        Assert.NotEqual(Hazard.PriorRate(bid, bid.PricePerHour), Hazard.PriorRate(bid with { Score = null }, bid.PricePerHour));
    }

    [Fact]
    public void One_bad_night_is_the_hosts_and_many_hosts_are_the_providers()
    {
        var once = new MarketMemory { Lives = [Life(1, 0, true)] };
        Assert.True(Interruptions(_offer, once) > 1.3 * Interruptions(_offer));
        Assert.True(Interruptions(_kin, once) < 1.25 * Interruptions(_kin));
        Assert.True(Interruptions(_stranger, once) < 1.12 * Interruptions(_stranger));

        // Thirty times on one host or on as many.
        var here = new MarketMemory { Lives = [.. Enumerable.Range(0, 30).Select(_ => Life(20, 0, true))] };
        var everywhere = new MarketMemory { Lives = [.. Enumerable.Range(0, 30).Select(i => Life(20, 0, true) with { Place = Place.Of(_offer with { Host = "vast/" + i }) })] };
        Assert.True(Interruptions(_kin, everywhere) > Interruptions(_kin, here));
        Assert.True(Interruptions(_offer, here) > Interruptions(_kin, here));
    }

    [Fact]
    public void Quiet_hours_speak_for_a_host_and_what_is_long_ago_hardly_speaks()
    {
        Assert.True(Interruptions(_offer, new MarketMemory { Lives = [Life(300, 0, false)] }) < Interruptions(_offer));

        var recent = Interruptions(_offer, new MarketMemory { Lives = [Life(1, 1, true)] });
        var old = Interruptions(_offer, new MarketMemory { Lives = [Life(1, 365, true)] });
        Assert.True(recent > old);
        Assert.Equal(1, old / Interruptions(_offer), 0.01);
    }

    [Fact]
    public void Launches_that_came_to_nothing_make_a_host_dearer()
    {
        var memory = new MarketMemory { Boots = [.. Enumerable.Repeat(new BootSeen(Place.Of(_offer), Market.Now, null), 4)] };

        Assert.True(Forecast(_offer, memory).NeverBoots > Forecast(_kin, memory).NeverBoots);
        Assert.True(Forecast(_kin, memory).NeverBoots > Forecast(_foreign, memory).NeverBoots);
        Assert.Contains(Forecast(_offer, memory).Figures, figure => figure is { Name: "launches that succeed", Origin: FigureOrigin.History });
    }

    [Fact]
    public void Slow_boots_lines_and_cards_that_were_measured_are_believed()
    {
        var place = Place.Of(_offer);

        Assert.True(Forecast(_offer, new MarketMemory { Boots = [new BootSeen(place, Market.Now, TimeSpan.FromMinutes(40))] }).Median > Forecast(_offer).Median);
        Assert.True(Forecast(_offer, new MarketMemory { Transfers = [new TransferSeen(place, Market.Now, 10, null)] }).Median > Forecast(_offer).Median);
        Assert.True(Forecast(_offer, new MarketMemory { Speeds = [new SpeedSeen(place, 1, Market.Now, "RTX 4090", 1, 0.5)] }).Total > Forecast(_offer).Total);
        Assert.Equal(Forecast(_kin).Total, Forecast(_kin, new MarketMemory { Speeds = [new SpeedSeen(place, 1, Market.Now, "RTX 4090", 1, 0.5)] }).Total);
    }

    [Fact]
    public void A_card_measured_against_the_jobs_own_is_drawn_from_the_table_to_the_measurement()
    {
        var seen = new SpeedSeen(Place.Of(_stranger), 1, Market.Now, "RTX 4090", 1, 0.9);
        var few = Speed(_stranger, new MarketMemory { Speeds = [seen] });
        var many = Speed(_stranger, new MarketMemory { Speeds = [.. Enumerable.Repeat(seen, 50)] });

        Assert.InRange(few, Speed(_stranger, MarketMemory.Empty), many);
        Assert.Equal(0.9, many, 0.05);
    }

    [Fact]
    public void A_host_that_scores_below_its_kind_is_slower_and_one_above_hardly_faster()
    {
        var memory = new MarketMemory { UsualScores = [new UsualScore("vast", "RTX 4090", 100)] };

        Assert.True(Forecast(_offer with { Performance = 50 }, memory).Total > Forecast(_offer with { Performance = 100 }, memory).Total);
        Assert.Equal(1.05, Speed(_offer with { Performance = 900 }, memory), 0.001);
        Assert.Equal(1, Speed(_offer with { Performance = double.NaN }, memory), 0.001);
    }

    [Fact]
    public void Observations_that_cannot_be_teach_nothing()
    {
        var place = Place.Of(_offer);
        var memory = new MarketMemory
        {
            Lives = [new LifeSeen(place, Market.Now, TimeSpan.FromHours(-5), false)],
            Transfers = [new TransferSeen(place, Market.Now, double.NaN, -3)],
            Speeds = [new SpeedSeen(place, 1, Market.Now, "RTX 4090", 1, 0), new SpeedSeen(place, 1, Market.Now, "RTX 4090", 1, double.PositiveInfinity)],
            UsualScores = [new UsualScore("vast", "RTX 4090", 0)],
        };

        Assert.Equal(Forecast(_offer).Total, Forecast(_offer, memory).Total);
    }

    [Fact]
    public void Hazard_falls_with_age_and_a_row_of_lives_is_no_calmer_than_one()
    {
        Assert.Equal(24, Hazard.Operational(24), 9);
        Assert.True(Hazard.MeanBetween(0.1, 20, 5) > Hazard.MeanBetween(0.1, 0, 5));
        Assert.Equal(Hazard.MeanBetween(0.1, 0, 100), Hazard.MeanBetween(0.1, 0, 100_000), 9);
        Assert.Equal(double.PositiveInfinity, Hazard.MeanBetween(0, 0, 10));
    }

    private static LifeSeen Life(double hours, double daysAgo, bool interrupted) =>
        new(Place.Of(_offer), Market.Now - TimeSpan.FromDays(daysAgo), TimeSpan.FromHours(hours), interrupted);

    private static double Interruptions(Offer offer, MarketMemory? memory = null) => Forecast(offer, memory).Interruptions;

    private static double Speed(Offer offer, MarketMemory memory)
    {
        var figure = Forecast(offer, memory).Figures.Single(figure => figure.Name == "speed").Value;
        return double.Parse(figure.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Forecast Forecast(Offer offer, MarketMemory? memory = null) =>
        Market.Forecast(Market.Request(10), offer, memory);
}
