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
    public void After_the_first_looks_nothing_is_called_usual()
    {
        var text = Text(100, Usual("RTX 4090", CapacityType.OnDemand, MarketReplies.LeastHours - 1, 0.1));

        Assert.Contains("11 h seen", text, StringComparison.Ordinal);
        Assert.Contains(" 0 h seen", text, StringComparison.Ordinal);
        Assert.Contains("nothing is usual yet: that takes 12 past hours", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_market_says_so() =>
        Assert.Contains("no such card is offered now", Assert.Single(MarketTable.Lines(MarketReplies.Make(new([], []), [], _month), 80, new Paint(false))), StringComparison.Ordinal);

    [Theory]
    [InlineData(64)]
    [InlineData(80)]
    public void No_line_wraps(int width) =>
        Assert.All(Text(width).Split('\n'), line => Assert.True(line.Length <= width, line));

    private static UsualPrice Usual(string gpu, CapacityType capacity, int hours, double lowest) =>
        new(gpu, capacity, hours, Money.FromDollars((decimal)lowest), Money.FromDollars((decimal)lowest));

    private static string Text(int width, params UsualPrice[] usual) =>
        string.Join('\n', MarketTable.Lines(MarketReplies.Make(_seen, [.. usual], _month), width, new Paint(false)).Select(line => line.TrimEnd()));
}
