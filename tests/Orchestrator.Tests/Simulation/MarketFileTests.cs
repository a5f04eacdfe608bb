using System.Text;
using Orchestrator.Offers;
using Orchestrator.Simulation.Markets;
using Xunit;

namespace Orchestrator.Tests.Simulation;

public sealed class MarketFileTests
{
    private const string Least = "\"provider\":\"vast\",\"id\":\"1\",\"capacity\":\"OnDemand\",\"hostKind\":\"Container\",\"pricePerHour\":300000";

    private const string Header = """{"format":1,"source":"generated","seed":7}""";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_written_is_read(bool compress)
    {
        var at = new MarketOptions().Start;
        var file = new MarketFile(
            new MarketHeader { Format = MarketHeader.CurrentFormat, Source = "generated", Seed = 7, At = at },
            [.. new GeneratedMarket(7, new MarketOptions { Hosts = 40 }).At(at).Select(offer => new SeenOffer(at, offer))]);
        using var stream = new MemoryStream();
        file.Write(stream, compress);
        stream.Position = 0;
        var again = MarketFile.Read(stream);
        Assert.Equal(file.Header, again.Header);
        Assert.Equal(file.Offers.Length, again.Offers.Length);
        using var once = new MemoryStream();
        again.Write(once, compress);
        Assert.Equal(stream.ToArray(), once.ToArray());
    }

    [Theory]
    [InlineData("", "no market file")]
    [InlineData("hello", "no market file")]
    [InlineData("""{"format":2,"source":"x"}""", "format 2")]
    [InlineData(Header + "\nhello", "line 2")]
    [InlineData(Header + "\n\n{\"at\":\"2026-11-20T18:00:00+00:00\"}", "line 3")]
    [InlineData(Header + "\n{\"at\":\"9999-12-31T23:00:00+00:00\",\"offer\":{" + Least + "}}", "line 2 of the market file has a time in the year 9999")]
    [InlineData(Header + "\n{\"at\":\"2026-11-20T18:00:00+00:00\",\"offer\":{" + Least + ",\"until\":\"0001-01-01T00:00:00+00:00\"}}", "in the year 1")]
    [InlineData(Header + "\n{\"at\":\"2026-11-20T18:00:00+00:00\",\"offer\":{" + Least + ",\"tier\":17}}", "line 2 of the market file names a tier")]
    public void What_is_no_market_is_said_so(string text, string words)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.Contains(words, Assert.Throws<MarketFileException>(() => MarketFile.Read(stream)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ends_in_the_middle_is_damaged()
    {
        using var whole = new MemoryStream();
        new MarketFile(new MarketHeader { Format = 1, Source = "x" }, []).Write(whole, compress: true);
        using var cut = new MemoryStream(whole.ToArray()[..12]);
        Assert.Throws<MarketFileException>(() => MarketFile.Read(cut));
    }

    /// <summary>At every byte, so that some cut falls right behind a line.</summary>
    [Fact]
    public void A_file_without_its_end_is_damaged_wherever_it_was_cut()
    {
        var at = new MarketOptions().Start;
        var offers = new GeneratedMarket(7, new MarketOptions { Hosts = 3 }).At(at).Select(offer => new SeenOffer(at, offer));
        using var whole = new MemoryStream();
        new MarketFile(new MarketHeader { Format = 1, Source = "x" }, [.. offers]).Write(whole, compress: true);
        for (var missing = 1; missing < whole.Length - 20; missing++)
        {
            using var cut = new MemoryStream(whole.ToArray()[..^missing]);
            Assert.Throws<MarketFileException>(() => MarketFile.Read(cut));
        }
    }

    [Fact]
    public void What_an_offer_leaves_out_is_as_on_an_open_market_and_cards_have_one_name()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Header + "\n{\"at\":\"2026-11-20T18:00:00+00:00\",\"offer\":{" + Least + ",\"gpu\":\"A100 SXM4\",\"gpuCount\":1,\"gpuMemoryGB\":80}}\n"));

        var offer = Assert.Single(MarketFile.Read(stream).Offers).Offer;

        Assert.Equal((OfferTier.Marketplace, TimeSpan.FromSeconds(1), "A100-80GB"), (offer.Tier, offer.BillingUnit, offer.Gpu));
        Assert.Empty(offer.Labels);
    }

    [Fact]
    public void Members_of_a_newer_release_are_passed_over()
    {
        var line = """{"at":"2026-11-20T18:00:00+00:00","later":1,"offer":{"provider":"vast","id":"1","capacity":"OnDemand","hostKind":"Container","pricePerHour":300000,"colour":"red"}}""";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Header + "\n" + line + "\n"));
        Assert.Equal("vast", Assert.Single(MarketFile.Read(stream).Offers).Offer.Provider);
    }

    [Fact]
    public void A_recording_shows_each_search_until_the_next()
    {
        var at = new MarketOptions().Start;
        var offer = new GeneratedMarket(7, new MarketOptions { Hosts = 40 }).At(at)[0];
        var market = new RecordedMarket(new MarketFile(
            new MarketHeader { Format = 1, Source = "x" },
            [new SeenOffer(at, offer with { Id = "a" }), new SeenOffer(at.AddHours(1), offer with { Id = "b" })]));
        Assert.Equal("a", market.At(at.AddHours(-5)).Single().Id);
        Assert.Equal("a", market.At(at.AddMinutes(59)).Single().Id);
        Assert.Equal("b", market.At(at.AddHours(9)).Single().Id);
    }
}
