using Xunit;

namespace Orchestrator.Tests.Simulation;

public sealed class CheckedInMarketTests
{
    [Fact]
    public void It_is_what_its_seed_generates_on_any_machine()
    {
        var generated = CheckedInMarket.Generate();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(CheckedInMarket.Path)!);
            using (var file = File.Create(CheckedInMarket.Path))
            {
                generated.Write(file, compress: true);
            }
        }

        var stored = CheckedInMarket.Read();
        Assert.True(stored.Offers.Length >= 500, $"{stored.Offers.Length} offers");
        Assert.Equal(Text(generated), Text(stored));
    }

    private static string Text(Orchestrator.Simulation.Markets.MarketFile market)
    {
        using var stream = new MemoryStream();
        market.Write(stream, compress: false);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
