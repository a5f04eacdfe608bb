using System.Globalization;
using Orchestrator.Emulators.Lambda;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Emulators.Vast;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Simulation.Markets;

namespace Orchestrator.Drills.Weekend;

/// <summary>
/// Puts what the generated market shows on offer at the emulated clouds: hosts come and go, floors of bids and prices drift. The market's
/// time is faster than ours, so that one who watches sees something happen.
/// </summary>
/// <param name="seed">Of the market.</param>
/// <param name="options">How large it is.</param>
/// <param name="time">Ours.</param>
/// <param name="dearer">How many times a card costs what it does in the market.</param>
/// <param name="dearerBytes">The same for what is moved.</param>
public sealed class MarketFeed(long seed, MarketOptions options, TimeProvider time, int dearer = 1, int dearerBytes = 1)
{
    private const double MarketSecondsPerSecond = 10;

    /// <summary>Asks are made anew, under new ids, when a price has moved by so much, not with each breath of it.</summary>
    private const double PriceStep = 0.1;

    /// <summary>One look shows three quarters of what there is: who is not seen for so long is gone.</summary>
    private static readonly TimeSpan _unseen = TimeSpan.FromSeconds(40);

    private readonly GeneratedMarket _market = new(seed, options);
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly Dictionary<int, (VastMachine Machine, DateTimeOffset SeenAt)> _shown = [];
    private bool _isStocked;

    /// <summary>Makes the clouds show what the market has now.</summary>
    public void Show(VastEmulator vast, RunPodEmulator runPod, LambdaEmulator lambda)
    {
        ArgumentNullException.ThrowIfNull(vast);
        var offers = _market.At(options.Start + ((time.GetUtcNow() - _began) * MarketSecondsPerSecond));
        Show(vast, [.. offers.Where(offer => offer.Provider == "vast" && offer.Host is not null)]);
        if (!_isStocked)
        {
            // Their prices stand for days, and their stock is what the emulators count.
            _isStocked = true;
            foreach (var of in offers.Where(offer => offer.Provider == "runpod").GroupBy(offer => offer.Gpu!, StringComparer.Ordinal))
            {
                Stock(runPod, of.Key, [.. of]);
            }

            lambda.Add(new LambdaTypeEntry { Name = "cpu_4x_general", Description = "4x CPU", Gpus = 0, Cents = 20 * dearer, Stock = new Dictionary<string, int> { ["us-west-1"] = 2, ["us-east-1"] = 2 } });
            foreach (var offer in offers.Where(offer => offer.Provider == "lambda"))
            {
                Stock(lambda, offer);
            }
        }
    }

    private void Show(VastEmulator vast, Offer[] offers)
    {
        var now = time.GetUtcNow();
        foreach (var machine in offers.GroupBy(offer => offer.Host!, StringComparer.Ordinal).Select(Machine).OfType<VastMachine>())
        {
            if (_shown.TryGetValue(machine.Id, out var known) && IsNear(known.Machine.Price, machine.Price) && IsNear(known.Machine.LeastBid, machine.LeastBid))
            {
                _shown[machine.Id] = known with { SeenAt = now };
                continue;
            }

            vast.Withdraw(machine.Id);
            vast.Offer(machine);
            _shown[machine.Id] = (machine, now);
        }

        foreach (var gone in _shown.Where(shown => now - shown.Value.SeenAt > _unseen).Select(shown => shown.Key).ToList())
        {
            vast.Withdraw(gone);
            _shown.Remove(gone);
        }
    }

    private static bool IsNear(double was, double now) => Math.Abs(now - was) <= was * PriceStep;

    /// <returns>Null: none of its cards is to be had.</returns>
    private VastMachine? Machine(IGrouping<string, Offer> host)
    {
        var largest = host.MaxBy(offer => offer.GpuCount)!;
        var bid = host.FirstOrDefault(offer => offer.BidFloor is not null);
        var perCard = (double)(largest.OnDemandPerHour ?? largest.PricePerHour).Dollars / largest.GpuCount;
        return largest.Gpu is not { } gpu ? null : new VastMachine
        {
            Id = int.Parse(host.Key["vast/".Length..], CultureInfo.InvariantCulture),
            Gpu = gpu switch { "A100-80GB" or "A100-40GB" => "A100 SXM4", "H100-80GB" => "H100 SXM", _ => gpu },
            Gpus = largest.GpuCount,
            GpuMegabytes = (largest.GpuMemoryGB ?? 24) * 1024,
            Price = Rounded(perCard),
            LeastBid = Rounded(bid?.BidFloor is { } floor ? (double)floor.Dollars / bid.GpuCount : perCard * 0.7),
            StoragePerMonth = Math.Round((double)largest.DiskPerGBMonth.Dollars, 4),
            DownPerGB = (double)largest.DownPerGB.Dollars * dearerBytes,
            UpPerGB = (double)largest.UpPerGB.Dollars * dearerBytes,
            Performance = (largest.Performance ?? 1) / largest.GpuCount,
            ComputeCapability = (int)((largest.ComputeCapability ?? 8.9m) * 100),
            Cuda = largest.Cuda is { } cuda ? cuda.Major + (cuda.Minor / 10.0) : 12.4,
            DownMbps = largest.DownMbps ?? 0,
            UpMbps = largest.UpMbps ?? 0,
            Cpus = (double)largest.Cpus / largest.GpuCount,
            Megabytes = largest.MemoryBytes / 1e6 / largest.GpuCount,
            DiskGB = (largest.DiskBytes ?? 0) / 1e9 / largest.GpuCount,
            Verified = largest.Verified == true,
            Reliability = largest.Score ?? 0.97,
            Place = "Somewhere, " + (largest.Country ?? "US"),
            Until = time.GetUtcNow() + (largest.Until!.Value - options.Start),
        };
    }

    private double Rounded(double dollars) => Math.Max(0.01, Math.Round(dollars * dearer, 4));

    private void Stock(RunPodEmulator runPod, string gpu, Offer[] offers)
    {
        var secure = offers.FirstOrDefault(offer => offer.Tier == OfferTier.Datacenter);
        var community = offers.FirstOrDefault(offer => offer.Tier != OfferTier.Datacenter);
        var id = gpu switch
        {
            "A100-80GB" => "NVIDIA A100 80GB PCIe", "H100-80GB" => "NVIDIA H100 PCIe", "H200" => "NVIDIA H200",
            _ when gpu.StartsWith("RTX 3", StringComparison.Ordinal) || gpu.StartsWith("RTX 4", StringComparison.Ordinal) || gpu.StartsWith("RTX 5", StringComparison.Ordinal) => "NVIDIA GeForce " + gpu,
            _ => "NVIDIA " + gpu,
        };
        var anywhere = secure ?? community!;
        runPod.Add(new RunPodCardEntry
        {
            Id = id, Name = gpu, Memory = GpuTable.Find(gpu)?.MemoryGb ?? 24, Secure = PerCard(secure ?? anywhere), Community = PerCard(community ?? anywhere),
        });
        var number = (int)(Determinism.StableHash.Of(gpu) % 1_000_000) * 100;
        foreach (var offer in offers.Where(offer => offer.GpuCount == 1))
        {
            var parts = offer.Id.Split('/');
            runPod.Add(new RunPodHost { Id = number++, Gpu = id, Gpus = 2, Secure = offer.Tier == OfferTier.Datacenter, DataCenter = parts.Length == 4 ? parts[3] : null });
        }

        double PerCard(Offer offer) => (double)offer.PricePerHour.Dollars * dearer / offer.GpuCount;
    }

    private void Stock(LambdaEmulator lambda, Offer offer)
    {
        var card = offer.Gpu switch { "A10" => "a10", "RTX A6000" => "a6000", "A100-40GB" => "a100", "A100-80GB" => "a100_80gb_sxm4", "H100-80GB" => "h100_sxm5", _ => null };
        if (card is null)
        {
            return;
        }

        lambda.Add(new LambdaTypeEntry
        {
            Name = FormattableString.Invariant($"gpu_{offer.GpuCount}x_{card}"),
            Description = FormattableString.Invariant($"{offer.GpuCount}x {offer.Gpu!.Split('-')[0].Replace("RTX ", "", StringComparison.Ordinal)} ({offer.GpuMemoryGB} GB)"),
            Gpus = offer.GpuCount,
            Cents = (int)Math.Round(offer.PricePerHour.Dollars * 100 * dearer),
            Stock = new Dictionary<string, int> { ["us-west-1"] = 1, ["us-east-1"] = 2 },
        });
    }
}
