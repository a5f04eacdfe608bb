using Orchestrator.Engine.Observing;
using Orchestrator.Offers;
using Orchestrator.Planning.Prices;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;
using Orchestrator.Tests.Planning;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class MarketTableTests
{
    private static readonly TimeSpan _month = TimeSpan.FromDays(28);

    private static readonly DateTimeOffset _now = new(2026, 11, 20, 20, 0, 0, TimeSpan.Zero);

    private static readonly OffersSeen _seen = new(
        [
            Market.Offer("a", 0.284), Market.Offer("b", 0.35), Market.Offer("c", 0.348) with { Provider = "runpod" },
            Market.Bid("d", 0.20, 0.40), Market.Offer("e", 0.178, "RTX 3090"), Market.Offer("f", 4.5, "H100-80GB") with { GpuCount = 2 },
        ],
        ["lambda: no answer in 30 s"]);

    [Fact]
    public void Prices_stand_beside_what_is_usual() => Assert.Equal(
        """
        ! lambda: no answer in 30 s
         CARD       RENTED         OFFERS  LOWEST  MEDIAN  USUALLY  NOW           AT
         H100-80GB  on-demand           1   2.250   2.250        -  3 h seen      vast
         RTX 3090   on-demand           1   0.178   0.178    0.200  11 % cheaper  vast
         RTX 4090   on-demand           3   0.284   0.305    0.254  12 % dearer   vast
         RTX 4090   interruptible       1   0.200   0.200    0.202  as usual      vast
        $ per card and hour; usually: hourly lowest, median of 28 days
        """,
        Text(80,
            Usual("RTX 4090", CapacityType.OnDemand, 300, 0.254), Usual("RTX 4090", CapacityType.Interruptible, 12, 0.202),
            Usual("RTX 3090", CapacityType.OnDemand, 300, 0.2), Usual("H100-80GB", CapacityType.OnDemand, 3, 1)));

    [Fact]
    public void What_is_usual_at_this_hour_of_the_week_goes_before_what_is_usual_at_all_and_a_cheaper_hour_is_named()
    {
        var friday = Usual("RTX 4090", CapacityType.OnDemand, 300, 0.254) with
        {
            Now = new UsualHour(_now, 4, Money.FromDollars(0.284m), Money.FromDollars(0.3m)),
            Cheapest = new UsualHour(_now.AddHours(8), 4, Money.FromDollars(0.2m), Money.FromDollars(0.3m)),
        };
        var dearer = Usual("RTX 3090", CapacityType.OnDemand, 300, 0.2) with { Cheapest = new UsualHour(_now.AddHours(9), 4, Money.FromDollars(0.178m), Money.FromDollars(0.3m)) };

        Assert.Equal(
            """
            ! lambda: no answer in 30 s
             CARD       RENTED         OFFERS  LOWEST  MEDIAN  USUALLY  NOW           AT
             H100-80GB  on-demand           1   2.250   2.250        -  0 h seen      vast
             RTX 3090   on-demand           1   0.178   0.178   0.200*  11 % cheaper  vast
             RTX 4090   on-demand           3   0.284   0.305    0.284  as usual      vast
             RTX 4090   interruptible       1   0.200   0.200        -  0 h seen      vast
            $ per card and hour; usually: lowest at this hour of the week, median of 28 days (* all hours)
            RTX 4090 on-demand: usually cheapest Sat 04:00, 0.200 (schedule.start-below)
            """,
            Text(100, friday, dearer));
    }

    [Fact]
    public void After_the_first_looks_nothing_is_called_usual()
    {
        var text = Text(100, Usual("RTX 4090", CapacityType.OnDemand, MarketReplies.LeastHours - 1, 0.1));

        Assert.Contains("11 h seen", text, StringComparison.Ordinal);
        Assert.Contains(" 0 h seen", text, StringComparison.Ordinal);
        Assert.Contains("nothing is usual yet: that takes 12 past hours", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_market_says_so() =>
        Assert.Contains("no such card is offered now", Assert.Single(MarketTable.Lines(MarketReplies.Make(new([], []), [], _month), 80, new Paint(false), _now, TimeZoneInfo.Utc)), StringComparison.Ordinal);

    [Theory]
    [InlineData(64)]
    [InlineData(80)]
    public void No_line_wraps(int width) =>
        Assert.All(Text(width).Split('\n'), line => Assert.True(line.Length <= width, line));

    private static UsualPrice Usual(string gpu, CapacityType capacity, int hours, double lowest) =>
        new(gpu, capacity, hours, Money.FromDollars((decimal)lowest), Money.FromDollars((decimal)lowest));

    private static string Text(int width, params UsualPrice[] usual) =>
        string.Join('\n', MarketTable.Lines(MarketReplies.Make(_seen, [.. usual], _month), width, new Paint(false), _now, TimeZoneInfo.Utc).Select(line => line.TrimEnd()));
}
