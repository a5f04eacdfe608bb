using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Cli;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;
using Orchestrator.Tests.Simulation;
using Xunit;

namespace Orchestrator.Tests.Server.Cli;

public sealed class OfferFilterTests
{
    private static readonly ImmutableArray<OfferView> _market = [.. CheckedInMarket.Read().Offers.Select(seen => OfferViews.Of(seen.Offer))];

    [Fact]
    public void Without_a_filter_everything_is_listed()
    {
        Assert.Equal(_market.Length, Listed().Length);
        Assert.False(IsGiven());
    }

    [Fact]
    public void All_filters_must_hold()
    {
        var listed = Listed("--gpu", "rtx4090", "--gpu", "RTX 3090", "--max-price", "$0.40/h", "--region", "eu", "--provider", "vast", "--capacity", "spot");

        Assert.NotEmpty(listed);
        Assert.All(listed, offer => Assert.True(offer is { Provider: "vast", Gpu: "RTX 4090" or "RTX 3090", PricePerHour: <= 0.40m, Capacity: "interruptible", Country: not null }, offer.ToString()));
        Assert.True(IsGiven("--region", "eu"));
    }

    [Fact]
    public void What_is_excluded_is_left_out()
    {
        var listed = Listed("--provider", "!vast", "--region", "!US");

        Assert.NotEmpty(listed);
        Assert.DoesNotContain(listed, offer => offer.Provider == "vast" || offer.Country == "US");
    }

    [Theory]
    [InlineData("--region", "uk")]
    [InlineData("--capacity", "cheap")]
    [InlineData("--max-price", "-1")]
    public void What_makes_no_sense_is_refused(string option, string value) => Assert.Equal(ExitCodes.Usage, Assert.Throws<CliException>(() => Listed(option, value)).ExitCode);

    [Fact]
    public void Groups_count_every_offer_once_and_come_cheapest_first()
    {
        var groups = OfferGroups.Of(_market, OfferGroups.Keys("gpu,capacity"));

        Assert.Equal(_market.Length, groups.Sum(group => group.Offers));
        Assert.Equal(groups.Select(group => group.Lowest).Order(), groups.Select(group => group.Lowest));
        Assert.Equal(groups.Length, groups.DistinctBy(group => (group.By["gpu"], group.By["capacity"])).Count());
        Assert.Throws<CliException>(() => OfferGroups.Keys("gpu,colour"));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void No_id_is_cut(int width)
    {
        var lines = Tables.Offers(_market, width, new Paint(false)).Skip(1).ToList();

        Assert.All(_market.Zip(lines), row => Assert.True(row.Second.Contains($"{row.First.Id} ", StringComparison.Ordinal) && row.Second.Length <= width, row.Second));
    }

    private static ImmutableArray<OfferView> Listed(params string[] arguments)
    {
        var (filter, parsed) = Parse(arguments);
        return filter.Of(parsed, _market);
    }

    private static bool IsGiven(params string[] arguments)
    {
        var (filter, parsed) = Parse(arguments);
        return filter.IsGiven(parsed);
    }

    private static (OfferFilter Filter, ParseResult Parsed) Parse(string[] arguments)
    {
        var (filter, root) = (new OfferFilter(), new RootCommand());
        foreach (var option in filter.Options)
        {
            root.Options.Add(option);
        }

        return (filter, root.Parse(arguments));
    }
}
