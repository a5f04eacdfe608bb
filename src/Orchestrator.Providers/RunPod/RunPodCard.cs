using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.RunPod;

/// <summary>An entry of the catalogue: a card with its price, its drivers and where there is some of it.</summary>
internal static class RunPodCard
{
    private const long Gigabyte = 1_000_000_000;

    /// <summary>Of container disk while a pod runs. Published in words only.</summary>
    private static readonly Money _diskPerGBMonth = Money.FromDollars(0.10m);

    /// <returns>Null: it lacks what an offer cannot do without. None: it is not to be had.</returns>
    public static ImmutableArray<Offer>? Read(ApiFields row, RunPodCloud cloud, int count)
    {
        var name = cloud == RunPodCloud.Secure ? "secure" : "community";
        if (row["id"].Text is not { } id || row["availability"].Text is not { } stock)
        {
            return null;
        }

        if (!RunPodPlace.IsCard(id) || row[name].Flag == false || row["maxCount"][name].Whole < count || !IsSome(stock) || row["price"][name].Dollars is not { } price || price <= Money.Zero)
        {
            return [];
        }

        CudaVersion? cuda = null;
        foreach (var version in row["cudaVersions"].Items.Where(one => one["available"].Flag != false).Select(one => RunPodPlace.Version(one["version"].Text ?? "")))
        {
            cuda = version > cuda || cuda is null ? version : cuda;
        }

        return [.. Centers(row, cloud).Select(center => OfferOf(row, new RunPodPlace(cloud, id, count, center, cuda), price))];
    }

    /// <summary>What a pod gets of the host's CPUs beside each card. Not published before it runs: so much is asked for at the create call.</summary>
    public static int CpusPerGpu(int? gpuMemoryGB) => gpuMemoryGB >= 80 ? 8 : 4;

    /// <summary>The same of its memory, in gigabytes: hosts have about as much as their cards.</summary>
    public static int MemoryPerGpuGB(int? gpuMemoryGB) => Math.Clamp(gpuMemoryGB ?? 0, 16, 96);

    /// <summary>Private hosts are in none that could be named; a card that is somewhere, but nobody says where, is asked for anywhere.</summary>
    private static ImmutableArray<string?> Centers(ApiFields row, RunPodCloud cloud)
    {
        ImmutableArray<string?> centers = cloud == RunPodCloud.Community
            ? []
            : [.. row["dataCenters"].Items.Where(center => IsSome(center["availability"].Text)).Select(center => center["id"].Text).Where(center => center is not null && RunPodPlace.IsDataCenter(center)).Distinct(StringComparer.Ordinal)];
        return centers.IsEmpty ? [null] : centers;
    }

    /// <summary>A word of tomorrow is tried.</summary>
    private static bool IsSome(string? stock) => stock is not null and not "NONE";

    private static Offer OfferOf(ApiFields row, RunPodPlace place, Money price)
    {
        var memory = row["memory"].Number is { } gigabytes and > 0 and < 10_000 ? (int)Math.Round(gigabytes) : (int?)null;
        var card = GpuTable.Find(place.Gpu, memory);
        var isSecure = place.Cloud == RunPodCloud.Secure;
        return new Offer
        {
            Provider = RunPodProvider.ProviderName,
            Id = place.ToString(),
            Capacity = CapacityType.OnDemand,
            HostKind = HostKind.Container,
            PricePerHour = new Money(price.MicroDollars * place.Count),
            Gpu = card?.Name ?? place.Gpu,
            GpuCount = place.Count,
            GpuMemoryGB = card?.MemoryGb ?? memory,
            ComputeCapability = card?.ComputeCapability,
            Cuda = place.Cuda,
            Cpus = CpusPerGpu(memory) * place.Count,
            MemoryBytes = MemoryPerGpuGB(memory) * Gigabyte * place.Count,
            RunsImages = true,
            Tier = isSecure ? OfferTier.Datacenter : OfferTier.Community,
            Trusted = isSecure,
            Labels = [place.Label],
            Country = place.Country,
            DiskPerGBMonth = _diskPerGBMonth,
        };
    }
}
