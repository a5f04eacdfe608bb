using System.Globalization;
using Orchestrator.Offers;

namespace Orchestrator.Providers.SshHost;

/// <summary>
/// A machine in equal parts: one per GPU, else one per CPU, or as many as the configuration says. An instance takes one or more
/// whole parts, so that two never share a GPU.
/// </summary>
internal sealed record MachineSlots(SshMachine Machine, MachineInventory Inventory)
{
    public int Count
    {
        get
        {
            var most = Inventory.Gpus.Length > 0 ? Inventory.Gpus.Length : Inventory.Cpus;
            return Math.Clamp(Machine.Slots ?? most, 1, Math.Max(most, Inventory.Gpus.Length > 0 ? 1 : Machine.Slots ?? 1));
        }
    }

    public int GpusPerSlot => Inventory.Gpus.Length / Count;

    /// <summary>One offer for every number of slots that are free.</summary>
    public IEnumerable<Offer> Offers(int free, DateTimeOffset? until, MachineLine? line = null)
    {
        var card = Inventory.Gpus.IsEmpty ? null : GpuTable.Find(Inventory.Gpus[0]);
        for (var taken = 1; taken <= free; taken++)
        {
            yield return new Offer
            {
                Provider = SshHostProvider.ProviderName,
                Id = string.Create(CultureInfo.InvariantCulture, $"{Machine.Name}:{taken}"),
                Capacity = CapacityType.OnDemand,
                HostKind = HostKind.Machine,
                Host = Machine.Host,
                PricePerHour = new Money(Machine.PricePerHour.MicroDollars * taken / Count),
                Gpu = Inventory.Gpus.IsEmpty ? null : card?.Name ?? Inventory.Gpus[0],
                GpuCount = GpusPerSlot * taken,
                GpuMemoryGB = card?.MemoryGb,
                Cuda = Inventory.Cuda,
                Cpus = Math.Max(1, Inventory.Cpus * taken / Count),
                MemoryBytes = Inventory.MemoryBytes * taken / Count,
                DiskBytes = Inventory.RoomBytes,
                // All its instances share it.
                DownMbps = line?.DownMbps,
                UpMbps = line?.UpMbps,
                Labels = Machine.Labels,
                Until = until,
                Reopens = Machine.Hours is not null && (Machine.Expires is null || until < Machine.Expires),
                RunsImages = Inventory.NoImages is null,
                NoImages = Inventory.NoImages,
            };
        }
    }

    /// <summary>How many slots an offer of ours stands for; null = it is none of this machine's.</summary>
    public int? Wanted(string offerId) =>
        offerId.Split(':') is [var name, var number] && name == Machine.Name
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var taken) && taken >= 1 && taken <= Count ? taken : null;
}
