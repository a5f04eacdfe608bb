using System.Globalization;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Simulation.Markets;

/// <summary>What providers with fixed prices have: no hosts by name, no figures of network and reliability, sometimes sold out.</summary>
internal static class FixedPriceShelf
{
    public static IEnumerable<Offer> All(ulong seed, MarketOptions options)
    {
        foreach (var card in MarketTables.Cards)
        {
            if (!options.Cards.IsEmpty && !options.Cards.Contains(card.Name))
            {
                continue;
            }

            foreach (var count in Sizes(card))
            {
                if (card.Secure is { } secure)
                {
                    foreach (var (place, country) in Places(seed, card.Name))
                    {
                        yield return RunPod(card.Name, count, secure, "secure", OfferTier.Datacenter) with
                        {
                            Id = string.Create(CultureInfo.InvariantCulture, $"secure/{card.Name}/{count}/{place}"),
                            Country = country,
                        };
                    }
                }

                if (card.Community is { } range && count <= 2)
                {
                    var price = Math.Round(Draws.At(seed, StableName(card.Name), 7).Between(range.Low, range.High), 2);
                    yield return RunPod(card.Name, count, price, "community", OfferTier.Community);
                }
            }
        }

        foreach (var (card, count, price) in MarketTables.Managed)
        {
            if (options.Cards.IsEmpty || options.Cards.Contains(card))
            {
                yield return Managed(card, count, price);
            }
        }
    }

    /// <summary>In half-hour pieces; large machines are rarer.</summary>
    public static bool IsInStock(ulong seed, Offer offer, DateTimeOffset now)
    {
        var soldOut = offer.Provider == "lambda" ? 0.5 : offer.Tier == OfferTier.Community ? 0.2 : 0.1;
        var chance = 1 - Math.Min(0.9, soldOut * (1 + (offer.GpuCount / 4.0)));
        return Draws.Share(seed, StableName(offer.Id), (ulong)(now.UtcTicks / (TimeSpan.TicksPerMinute * 30))) < chance;
    }

    private static IEnumerable<int> Sizes(CardMarket card) => card.Name is "A100-80GB" or "H100-80GB" or "H200" or "RTX 4090" ? [1, 2, 4, 8] : [1, 2];

    /// <summary>The data centres that have the card: at one price, each with a stock of its own.</summary>
    private static IEnumerable<(string Name, string Country)> Places(ulong seed, string card) =>
        MarketTables.DataCentres.OrderBy(place => Draws.Share(seed, StableName(card), StableName(place.Name))).Take(3);

    /// <summary>Cards for servers come with more of the machine (judged; the API publishes none before the pod runs).</summary>
    private static (int Cpus, long Memory) Share(string card) => GpuTable.Find(card)?.MemoryGb >= 80 ? (16, 125_000_000_000L) : (12, 48_000_000_000L);

    private static Offer RunPod(string card, int count, double price, string label, OfferTier tier) => Plain(card, count, price) with
    {
        Provider = "runpod",
        Id = string.Create(CultureInfo.InvariantCulture, $"{label}/{card}/{count}"),
        HostKind = HostKind.Container,
        Labels = [label],
        Tier = tier,
        Trusted = tier == OfferTier.Datacenter,
        DiskPerGBMonth = HostDrawer.Dollars(0.10),
        Cpus = Share(card).Cpus * count,
        MemoryBytes = Share(card).Memory * count,
        DiskBytes = 1_000_000_000_000,
    };

    private static Offer Managed(string card, int count, double price) => Plain(card, count, price) with
    {
        Provider = "lambda",
        Id = string.Create(CultureInfo.InvariantCulture, $"{card}/{count}"),
        HostKind = HostKind.Machine,
        Tier = OfferTier.Datacenter,
        Trusted = true,
        BillingUnit = TimeSpan.FromMinutes(1),
        Cpus = 26 * count,
        MemoryBytes = 200_000_000_000L * count,
        DiskBytes = 512_000_000_000L * count,
        Country = "US",
    };

    private static Offer Plain(string card, int count, double price) => new()
    {
        Provider = "",
        Id = "",
        Capacity = CapacityType.OnDemand,
        HostKind = HostKind.Container,
        PricePerHour = HostDrawer.Dollars(price * count),
        Gpu = card,
        GpuCount = count,
        GpuMemoryGB = GpuTable.Find(card)?.MemoryGb,
        ComputeCapability = GpuTable.Find(card)?.ComputeCapability,
        Cuda = new CudaVersion(12, 8),
        RunsImages = true,
    };

    private static ulong StableName(string name) => Determinism.StableHash.Of(name);
}
