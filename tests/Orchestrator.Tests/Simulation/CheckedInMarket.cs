using Orchestrator.Offers;
using Orchestrator.Simulation.Markets;
using Orchestrator.Tests.Golden;

namespace Orchestrator.Tests.Simulation;

/// <summary>The market that tests share: one search over all providers, generated from its seed. UPDATE_GOLDEN=1 writes it anew.</summary>
internal static class CheckedInMarket
{
    private const long Seed = 20261120;

    public static readonly DateTimeOffset At = new(2026, 11, 20, 18, 0, 0, TimeSpan.Zero);

    public static string Path { get; } = System.IO.Path.Combine(GoldenFile.Folder("Markets"), "friday.jsonl.gz");

    public static MarketFile Read()
    {
        using var stream = File.OpenRead(Path);
        return MarketFile.Read(stream);
    }

    public static MarketFile Generate() => new(
        new MarketHeader { Format = MarketHeader.CurrentFormat, Source = "generated", Seed = Seed, At = At },
        [.. new GeneratedMarket(Seed, new MarketOptions { Hosts = 900, Start = At }).At(At).Select(offer => new SeenOffer(At, offer))]);
}
