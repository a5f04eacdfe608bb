using Orchestrator.Attempts;
using Orchestrator.Offers;

namespace Orchestrator.Providers.Local;

/// <summary>What this machine can still give: one offer per number of free CPU slots, and per number of free GPUs.</summary>
internal static class LocalOffers
{
    public static IReadOnlyList<Offer> Build(LocalProviderOptions options, IReadOnlyList<LocalGpu> gpus, IReadOnlyList<LocalInstance> taken)
    {
        var freeCpus = options.Cpus - taken.Sum(instance => instance.Cpus);
        var freeGpus = gpus.Count - taken.Sum(instance => instance.Gpus);
        List<Offer> offers = [];
        for (var cpus = 1; cpus <= freeCpus; cpus++)
        {
            offers.Add(Describe(options, $"cpu-{cpus}", cpus, null, 0));
        }

        for (var count = 1; count <= freeGpus && freeCpus > 0; count++)
        {
            offers.Add(Describe(options, $"gpu-{count}", Math.Clamp(options.Cpus * count / gpus.Count, 1, freeCpus), gpus[0], count));
        }

        return offers;
    }

    public static bool Fits(LocalProviderOptions options, IReadOnlyList<LocalGpu> gpus, IReadOnlyList<LocalInstance> taken, OfferTaken wanted) =>
        wanted.Cpus <= options.Cpus - taken.Sum(instance => instance.Cpus) && wanted.GpuCount <= gpus.Count - taken.Sum(instance => instance.Gpus);

    private static Offer Describe(LocalProviderOptions options, string id, int cpus, LocalGpu? gpu, int count) => new()
    {
        Provider = "local",
        Id = id,
        Capacity = CapacityType.OnDemand,
        HostKind = HostKind.Machine,
        Host = "local/this",
        PricePerHour = new Money(options.PricePerHour.MicroDollars * Math.Max(cpus, count)),
        Gpu = gpu?.Name,
        GpuCount = count,
        GpuMemoryGB = gpu?.MemoryGB,
        Cpus = cpus,
        MemoryBytes = options.MemoryBytes,
        DiskBytes = FreeDisk(options.InstancesFolder),
        RunsImages = false,
    };

    private static long? FreeDisk(string folder) => Directory.Exists(folder) ? new DriveInfo(folder).AvailableFreeSpace : null;
}
