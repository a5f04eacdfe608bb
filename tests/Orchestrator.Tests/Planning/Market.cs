using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;

namespace Orchestrator.Tests.Planning;

/// <summary>Offers and requests for tests of planning: an honest one, a random market, a dirty one.</summary>
internal static class Market
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 20, 0, 0, TimeSpan.Zero);

    private static readonly string[] _cards = ["RTX 3090", "RTX 4090", "RTX 5090", "A100-80GB", "RTX A6000", "XPU 9"];
    private static readonly string?[] _countries = ["US", "DE", "FR", "CN", "CA", null];

    /// <summary>A 24 GB card at an honest host.</summary>
    public static Offer Offer(string id, double price, string gpu = "RTX 4090") => new()
    {
        Provider = "vast",
        Id = id,
        Host = "vast/" + id,
        Capacity = CapacityType.OnDemand,
        HostKind = HostKind.Container,
        PricePerHour = Money.FromDollars((decimal)price),
        Gpu = gpu,
        GpuCount = 1,
        GpuMemoryGB = GpuTable.Find(gpu)?.MemoryGb ?? 24,
        Cpus = 16,
        MemoryBytes = 64_000_000_000,
        DiskBytes = 500_000_000_000,
        RunsImages = true,
        Tier = OfferTier.Marketplace,
        Verified = true,
        Score = 0.99,
        Country = "DE",
        DownMbps = 900,
        UpMbps = 700,
    };

    public static Offer Bid(string id, double floor, double onDemand) => Offer(id, floor) with
    {
        Capacity = CapacityType.Interruptible,
        BidFloor = Money.FromDollars((decimal)floor),
        OnDemandPerHour = Money.FromDollars((decimal)onDemand),
    };

    /// <summary>Any card with 24 GB; so many hours on an RTX 4090.</summary>
    public static PlanRequest Request(double? hours, Func<ReliabilityPolicy, ReliabilityPolicy>? policy = null) => new()
    {
        Now = Now,
        Demand = new JobDemand
        {
            Resources = new ResourceRequest(),
            Gpu = [new GpuRequirement { Memory = new SizeRange(ByteSize.FromGigabytes(24), null), Count = new CountRange(1, null) }],
            NeedsImage = true,
        },
        Reliability = (policy ?? (all => all))(new ReliabilityPolicy()),
        Work = hours is { } known ? new WorkLeft { Time = TimeSpan.FromHours(known), Gpu = "RTX 4090", Source = WorkSource.Spec, Words = "estimate" } : null,
        Sizes = new WorkSizes { Image = ByteSize.FromGigabytes(8), Data = ByteSize.FromGigabytes(10), Checkpoint = ByteSize.FromGigabytes(2) },
        Rhythm = new RhythmTerms { Every = new CheckpointRhythm { Kind = RhythmKind.Auto } },
    };

    public static Plan Plan(PlanRequest request, params Offer[] offers) => Planner.Plan(request, offers, complete: true, MarketMemory.Empty);

    /// <summary>What an offer costs with nothing else on the market.</summary>
    public static Forecast Forecast(PlanRequest request, Offer offer, MarketMemory? memory = null) => Among(request, offer, [], memory);

    /// <summary>What an offer costs among others, whatever its rank.</summary>
    public static Forecast Among(PlanRequest request, Offer offer, IEnumerable<Offer> others, MarketMemory? memory = null)
    {
        var plan = Planner.Plan(request, [.. others, offer], complete: true, memory ?? MarketMemory.Empty, offer);
        return plan.Explained?.Forecast ?? throw new InvalidOperationException(plan.ExplainedRefused?.Words);
    }

    public static List<Offer> Random(SeededRandom random, int count)
    {
        var market = new List<Offer>();
        for (var i = 0; i < count; i++)
        {
            // In hundredths of a cent, as bids are: else a floor and a price that are nearly one leave another room once both are doubled.
            var onDemand = Math.Round(0.1 + (random.NextDouble() * 2), 4);
            var floor = Math.Round(onDemand / (1 + (random.NextDouble() * 2)), 4);
            var tier = (OfferTier)random.Next(4);
            var isSpot = random.Chance(0.4);
            var id = random.Next(1_000_000) + "-" + i;
            market.Add((isSpot && random.Chance(0.8) ? Bid(id, floor, onDemand) : Offer(id, onDemand)) with
            {
                Capacity = isSpot ? CapacityType.Interruptible : CapacityType.OnDemand,
                Provider = tier == OfferTier.Marketplace ? "vast" : tier == OfferTier.Own ? "ssh" : "runpod",
                Tier = tier,
                Gpu = _cards[random.Next(_cards.Length)],
                GpuCount = 1 << random.Next(4),
                GpuMemoryGB = 24,
                Cpus = 64,
                MemoryBytes = 1_000_000_000_000,
                Score = random.Chance(0.3) ? null : 0.9 + (random.NextDouble() * 0.1),
                Country = _countries[random.Next(_countries.Length)],
                DownMbps = random.Chance(0.3) ? null : 20 + (random.NextDouble() * 3000),
                UpMbps = random.Chance(0.3) ? null : 10 + (random.NextDouble() * 2000),
                DiskPerGBMonth = Money.FromDollars((decimal)random.NextDouble()),
                DownPerGB = Money.FromDollars((decimal)(random.NextDouble() * 0.05)),
                UpPerGB = Money.FromDollars((decimal)(random.NextDouble() * 0.05)),
                Until = random.Chance(0.3) ? Now + TimeSpan.FromHours(random.NextDouble() * 200) : null,
                Performance = random.Chance(0.5) ? null : random.NextDouble() * 200,
                BillingUnit = random.Chance(0.2) ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(1),
            });
        }

        return market;
    }

    /// <summary>What markets really answer now and then: zeros, absurd scores, prices ten times the usual, floors above prices.</summary>
    public static Offer Soil(Offer offer, SeededRandom random) => random.Next(20) switch
    {
        0 => offer with { DownMbps = 0, UpMbps = 0 },
        1 => offer with { DownMbps = double.NaN },
        2 => offer with { UpMbps = double.PositiveInfinity },
        3 => offer with { UpMbps = -5 },
        4 => offer with { Cpus = 0 },
        5 => offer with { Cpus = int.MinValue, MemoryBytes = long.MinValue, DiskBytes = long.MinValue },
        6 => offer with { Score = double.NaN },
        7 => offer with { Score = 17 },
        8 => offer with { Score = -0.2 },
        9 => offer with { Score = 0 },
        10 => offer with { DownPerGB = new Money(offer.PricePerHour.MicroDollars * 10), DiskPerGBMonth = Money.FromDollars(10) },
        11 => offer with { PricePerHour = new Money(-1), BidFloor = new Money(long.MinValue) },
        12 => offer with { PricePerHour = new Money(long.MaxValue), OnDemandPerHour = new Money(long.MaxValue), BidFloor = new Money(long.MaxValue) },
        13 => offer with { BidFloor = new Money(offer.PricePerHour.MicroDollars * 2), OnDemandPerHour = offer.PricePerHour },
        14 => offer with { GpuCount = int.MaxValue },
        15 => offer with { GpuCount = -3, GpuMemoryGB = int.MaxValue },
        16 => offer with { Performance = double.NaN },
        17 => offer with { BillingUnit = TimeSpan.MaxValue, ListedSince = DateTimeOffset.MaxValue },
        18 => offer with { Until = DateTimeOffset.MinValue, Country = "" },
        _ => offer with { Gpu = "", Host = null, Score = null, DownMbps = double.Epsilon, Performance = 1e300 },
    };

    public static PlanRequest Policy(SeededRandom random)
    {
        var request = Request(random.Chance(0.2) ? null : random.NextDouble() * 80);
        return request with
        {
            Prefer = (PlanPreference)random.Next(3),
            Sensitive = random.Chance(0.2),
            MaxHourly = random.Chance(0.3) ? Money.FromDollars((decimal)random.NextDouble() * 2) : null,
            BudgetLeft = random.Chance(0.3) ? Money.FromDollars((decimal)random.NextDouble() * 40) : null,
            Deadline = random.Chance(0.3) ? Now + TimeSpan.FromHours(random.NextDouble() * 60) : null,
            Interruptions = random.Next(6),
            StoreEgressPerGB = Money.FromDollars((decimal)random.NextDouble() * 0.1m),
            Demand = request.Demand with
            {
                Resources = new ResourceRequest
                {
                    Disk = random.Chance(0.5) ? null : ByteSize.FromGigabytes(random.Next(600)),
                    DownMbps = random.Chance(0.2) ? random.Next(1000) : null,
                },
                Providers = random.Chance(0.2) ? [new ProviderChoice { Name = "runpod", Excluded = random.Chance(0.5) }] : [],
            },
            Reliability = new ReliabilityPolicy
            {
                Capacity = (CapacityChoice)random.Next(3),
                Tier = random.Chance(0.2) ? HostTier.Datacenter : null,
                MinScore = random.Chance(0.3) ? (decimal)random.NextDouble() : null,
                MinSeen = random.Chance(0.1) ? TimeSpan.FromDays(90) : TimeSpan.Zero,
                Regions = random.Chance(0.3) ? [random.Chance(0.5) ? "eu" : "!CN"] : [],
                OnDemandAfter = random.Next(8),
            },
            Rhythm = new RhythmTerms
            {
                HasCheckpoints = random.Chance(0.8),
                Every = new CheckpointRhythm { Kind = (RhythmKind)random.Next(3), Interval = TimeSpan.FromMinutes(random.Next(120)) },
                Keep = random.Next(4),
            },
        };
    }
}
