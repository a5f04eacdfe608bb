using System.Globalization;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.VastAi;

/// <summary>A row of a search: one machine's cards in one number, for rent once. What makes no offer is not read as one.</summary>
internal sealed record VastAsk
{
    /// <summary>Vast.ai counts a month as 720 hours, we as 730.</summary>
    private const decimal MonthRatio = 730m / 720m;

    /// <summary>Interruptible offers are the same ask; their ids must differ.</summary>
    private const string BidSuffix = "/bid";

    public required string Id { get; init; }

    public required string Machine { get; init; }

    public required string GpuName { get; init; }

    public required int Gpus { get; init; }

    public required bool Verified { get; init; }

    /// <summary>Lowest bid as it was sent, rounded up to a whole micro-dollar: one below it would leave a stopped instance that is billed.</summary>
    public Money? LeastBid { get; init; }

    public required Offer OnDemand { get; init; }

    /// <summary>On demand and, where it takes bids, interruptible.</summary>
    public IEnumerable<Offer> Offers
    {
        get
        {
            yield return OnDemand;
            if (LeastBid is { } floor)
            {
                yield return OnDemand with { Id = Id + BidSuffix, Capacity = CapacityType.Interruptible, PricePerHour = floor, BidFloor = floor, OnDemandPerHour = OnDemand.PricePerHour };
            }
        }
    }

    /// <summary>The ask behind an offer of ours; null = no offer of Vast.ai.</summary>
    public static string? IdOf(string offerId)
    {
        var id = offerId.EndsWith(BidSuffix, StringComparison.Ordinal) ? offerId[..^BidSuffix.Length] : offerId;
        return id.Length is > 0 and < 20 && id.All(char.IsAsciiDigit) ? id : null;
    }

    /// <summary>It has the fields of an ask, whether or not it can be rented.</summary>
    public static bool IsWhole(ApiFields row) =>
        (row["id"].Text ?? row["ask_contract_id"].Text) is { } id && IdOf(id) == id && row["machine_id"].Whole is not null && row["gpu_name"].Text is not null
        && row["num_gpus"].Whole is not null && row["dph_base"].Number is not null;

    /// <returns>Null: it lacks what an offer cannot do without, or cannot be rented by us.</returns>
    public static VastAsk? Read(ApiFields row, DateTimeOffset now)
    {
        // "ask_contract_id" is the same number; either may be missing.
        if ((row["id"].Text ?? row["ask_contract_id"].Text) is not { } id || IdOf(id) != id || row["machine_id"].Whole is not { } machine || row["gpu_name"].Text is not { Length: > 0 and <= 60 } gpu
            || row["num_gpus"].Whole is not (>= 1 and <= 1024 and var gpus) || Dollars(row["dph_base"]) is not { } price
            || row["rentable"].Flag == false || row["external"] is { Flag: true } or { Whole: > 0 })
        {
            return null;
        }

        var verified = row["verification"].Text is { } word ? word == "verified" : row["vericode"].Whole == 1;
        return new VastAsk
        {
            Id = id,
            Machine = machine.ToString(CultureInfo.InvariantCulture),
            GpuName = gpu,
            Gpus = (int)gpus,
            Verified = verified,
            LeastBid = Dollars(row["min_bid"]) is { } floor && floor > Money.Zero ? floor : null,
            OnDemand = OfferOf(row, id, machine, gpu, (int)gpus, price, verified, now),
        };
    }

    private static Offer OfferOf(ApiFields row, string id, long machine, string gpu, int gpus, Money price, bool verified, DateTimeOffset now)
    {
        // Megabytes as the driver counts them.
        var memory = row["gpu_ram"].Number is { } megabytes and > 0 and < 1e7 ? (int)Math.Round(megabytes / 1024) : (int?)null;
        var card = GpuTable.Find(gpu, memory);
        var isDatacenter = verified && row["hosting_type"].Whole == 1;
        return new Offer
        {
            Provider = VastProvider.ProviderName,
            Id = id,
            Capacity = CapacityType.OnDemand,
            HostKind = HostKind.Container,
            Host = string.Create(CultureInfo.InvariantCulture, $"{VastProvider.ProviderName}/{machine}"),
            PricePerHour = price,
            Gpu = card?.Name ?? OneLine.Of(gpu),
            GpuCount = gpus,
            GpuMemoryGB = card?.MemoryGb ?? memory,
            ComputeCapability = row["compute_cap"].Whole is { } capability and > 0 and < 10_000 ? capability / 100m : card?.ComputeCapability,
            Cuda = Cuda(row["cuda_max_good"].Number),
            Cpus = row["cpu_cores_effective"].Number is { } cores and >= 0 and < 1e5 ? (int)cores : 0,
            MemoryBytes = Bytes(row["cpu_ram"].Number, 1e6) ?? 0,
            DiskBytes = Bytes(row["disk_space"].Number, 1e9),
            RunsImages = true,
            Tier = isDatacenter ? OfferTier.Datacenter : OfferTier.Marketplace,
            Labels = isDatacenter ? ["datacenter"] : [],
            Verified = verified,
            Score = row["reliability2"].Number ?? row["reliability"].Number,
            ListedSince = row["start_date"].Time,
            Until = row["end_date"].Time ?? (row["duration"].Number is { } seconds and > 0 and < 1e10 ? now.AddSeconds(seconds) : null),
            Country = Country(row["geolocation"].Text),
            // What is missing is not free: it is taken for the usual price.
            DiskPerGBMonth = Dollars(row["storage_cost"]) is { } disk ? Money.FromDollars(disk.Dollars * MonthRatio) : Money.FromDollars(0.2m),
            DownPerGB = Dollars(row["inet_down_cost"]) ?? Money.FromDollars(0.004m),
            UpPerGB = Dollars(row["inet_up_cost"]) ?? Money.FromDollars(0.004m),
            DownMbps = row["inet_down"].Number,
            UpMbps = row["inet_up"].Number,
            Performance = row["dlperf"].Number is { } speed and > 0 ? speed : null,
            Interconnect = gpus > 1 && row["bw_nvlink"].Number > 0 ? GpuInterconnect.Nvlink : null,
        };
    }

    /// <summary>Rounded up: a ledger must never show less than the bill.</summary>
    private static Money? Dollars(ApiFields field) => field.Number is { } dollars and >= 0 and <= 1e6 ? new Money((long)Math.Ceiling(Math.Round(dollars * 1e6, 4))) : null;

    private static CudaVersion? Cuda(double? version) => version is { } number and > 0 and < 1000 ? new CudaVersion((int)number, (int)Math.Round((number - Math.Floor(number)) * 10)) : null;

    private static long? Bytes(double? amount, double unit) => amount is { } figure and >= 0 and < 1e9 ? (long)Math.Round(figure * unit) : null;

    /// <summary>"Quebec, CA"; ", US" where the state is not known.</summary>
    private static string? Country(string? place) => place?.Split(',')[^1].Trim().ToUpperInvariant() is { } code && Countries.IsCode(code) ? code : null;
}
