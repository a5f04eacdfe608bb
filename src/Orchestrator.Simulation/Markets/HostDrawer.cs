using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Simulation.Markets;

/// <summary>Draws one host of the open market, with the dirt that real lists have, and what it asks for.</summary>
internal sealed class HostDrawer(ulong seed, MarketOptions options)
{
    // A base price is a multiple of this many micro-dollars an hour: 1/75 of a dollar.
    private const double PriceStep = 1.0 / 75;

    public IEnumerable<MarketAsk> Draw(int number, CardMarket card, int cardIndex)
    {
        var hostSeed = Draws.Mix(seed, (ulong)number);
        var random = Draws.At(hostSeed, 0);
        var cards = Pick(random, MarketTables.Sizes.AsSpan());
        var dear = random.NextDouble();
        var price = Math.Max(1, Math.Round(card.OnDemand.At(dear) / PriceStep)) * PriceStep;
        // Who is dear on demand takes lower bids, or the lowest floors would lie far below those on record. A few hosts ask more for a bid than on demand.
        var generous = random.Chance(0.4) ? dear : random.NextDouble();
        var ratio = random.Chance(0.025) ? random.Between(0.80, 0.97) : MarketTables.FloorRatio.At(generous);
        var perCard = Host(random, number, card) with { PricePerHour = Dollars(price), BidFloor = Dollars(Math.Max(PriceStep / 2, price / ratio)) };
        for (var size = 1; size <= cards; size *= 2)
        {
            var whole = Sized(perCard, size);
            yield return new MarketAsk(Draws.Mix(hostSeed, (ulong)size), whole with { BidFloor = null }, cardIndex, bids: false);
            if (random.Chance(0.87))
            {
                yield return new MarketAsk(
                    Draws.Mix(hostSeed, (ulong)size), whole with { Capacity = CapacityType.Interruptible, PricePerHour = whole.BidFloor!.Value, OnDemandPerHour = whole.PricePerHour }, cardIndex, bids: true);
            }
        }
    }

    private Offer Host(SeededRandom random, int number, CardMarket card)
    {
        var known = GpuTable.Find(card.Name) ?? throw new InvalidOperationException($"the market sells {card.Name}, which the table of cards lacks");
        var noNetwork = random.Chance(0.05);
        var line = random.Normal();
        var transfer = random.NextDouble();
        return new Offer
        {
            Provider = "vast",
            Id = "",
            Capacity = CapacityType.OnDemand,
            HostKind = HostKind.Container,
            Host = string.Create(CultureInfo.InvariantCulture, $"vast/{100_000 + number}"),
            PricePerHour = Money.Zero,
            Gpu = card.Name,
            GpuMemoryGB = known.MemoryGb,
            ComputeCapability = known.ComputeCapability,
            Cuda = Pick(random, [(new CudaVersion(12, 2), .06), (new CudaVersion(12, 4), .09), (new CudaVersion(12, 8), .1), (new CudaVersion(13, 0), .5), (new CudaVersion(13, 2), .25)]),
            RunsImages = true,
            Tier = OfferTier.Marketplace,
            Verified = random.Chance(0.75),
            Score = Score(random),
            Country = Pick(random, MarketTables.Countries.AsSpan()),
            ListedSince = options.Start.AddDays(-Math.Round(random.LogNormal(200, 1))),
            Until = options.Start.AddHours(Math.Round(24 * MarketTables.RentalDays.At(random.NextDouble()))),
            DiskPerGBMonth = Dollars(MarketTables.Storage.At(random.NextDouble())),
            UpPerGB = Dollars(MarketTables.UpPrice.At(transfer)),
            DownPerGB = Dollars(MarketTables.DownPrice.At(transfer)),
            // Both ways of one line: mostly fast or slow together.
            DownMbps = noNetwork ? 0 : Rounded(Math.Clamp(885 * PortableMath.Exp(1.3 * line), 10, 30_900)),
            UpMbps = noNetwork ? 0 : Rounded(Math.Clamp(690 * PortableMath.Exp(1.3 * ((0.8 * line) + (0.6 * random.Normal()))), 10, 9_200)),
            Cpus = random.Chance(0.08) ? 0 : (int)Math.Round(MarketTables.CoresPerCard.At(random.NextDouble())),
            MemoryBytes = (long)Math.Round(MarketTables.MemoryGBPerCard.At(random.NextDouble()) * 1000) * 1_000_000,
            DiskBytes = (long)Math.Round(MarketTables.DiskGBPerCard.At(random.NextDouble())) * 1_000_000_000,
            Performance = Rounded(Speed(random, card)),
        };
    }

    private static double Score(SeededRandom random) =>
        random.Chance(0.05) ? Digits(random.Between(0.80, 0.90), 4) : Digits(Math.Clamp(1 - random.LogNormal(0.010, 0.82), 0.6, 0.9995), 4);

    private static double Speed(SeededRandom random, CardMarket card) => random.NextDouble() switch
    {
        < 0.02 => random.Chance(0.5) ? 0.2 : 5.4,
        < 0.06 => card.Performance * random.Between(0.4, 0.65),
        _ => card.Performance * random.Between(0.95, 1.04),
    };

    private static Offer Sized(Offer perCard, int cards) => perCard with
    {
        GpuCount = cards,
        PricePerHour = Times(perCard.PricePerHour, cards),
        BidFloor = Times(perCard.BidFloor!.Value, cards),
        Cpus = perCard.Cpus * cards,
        MemoryBytes = perCard.MemoryBytes * cards,
        DiskBytes = perCard.DiskBytes * cards,
        Performance = perCard.Performance * cards,
        Interconnect = cards > 1 && perCard.Gpu is "H100-80GB" or "H200" ? GpuInterconnect.Nvlink : null,
    };

    internal static T Pick<T>(SeededRandom random, ReadOnlySpan<(T Value, double Weight)> choices)
    {
        var all = 0.0;
        foreach (var (_, weight) in choices)
        {
            all += weight;
        }

        var left = random.NextDouble() * all;
        foreach (var (value, weight) in choices)
        {
            left -= weight;
            if (left < 0)
            {
                return value;
            }
        }

        return choices[^1].Value;
    }

    internal static Money Dollars(double dollars) => new((long)Math.Round(dollars * 1_000_000));

    private static Money Times(Money money, int count) => new(money.MicroDollars * count);

    private static double Rounded(double value) => Digits(value, 1);

    private static double Digits(double value, int digits) => Math.Round(value, digits);
}
