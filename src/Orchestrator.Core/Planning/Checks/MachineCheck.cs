using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning.Checks;

/// <summary>Driver, CPUs, memory, disk.</summary>
internal sealed class MachineCheck : Check
{
    private readonly ResourceRequest _wanted;
    private readonly Loads _loads;
    private readonly string _cuda;
    private readonly Dictionary<int, (string Cpus, string Memory)> _groups = [];
    private readonly string _disk;
    private readonly string _ownDisk;

    public MachineCheck(ResourceRequest wanted, Loads loads)
    {
        _wanted = wanted;
        _loads = loads;
        _cuda = $"CUDA below {wanted.Cuda}";
        _disk = $"disk below {Needed(OfferTier.Datacenter)}";
        _ownDisk = $"disk below {Needed(OfferTier.Own)}";
    }

    public override string? Rejects(Offer offer) =>
        // A driver that nobody knows is tried: the container's start tells.
        offer.GpuCount > 0 && _wanted.Cuda is { } least && offer.Cuda < least ? _cuda
        : offer.Cpus < _wanted.CpuFor(offer.GpuCount) ? Groups(offer.GpuCount).Cpus
        : offer.MemoryBytes < _wanted.MemoryFor(offer.GpuCount).Bytes ? Groups(offer.GpuCount).Memory
        : offer.DiskBytes is { } free && free < Needed(offer.Tier).Bytes ? (offer.Tier == OfferTier.Own ? _ownDisk : _disk)
        : null;

    public override string Words(Offer offer) =>
        offer.GpuCount > 0 && _wanted.Cuda is { } least && offer.Cuda < least ? $"CUDA {offer.Cuda}, {least} needed: a newer driver would do"
        : offer.Cpus < _wanted.CpuFor(offer.GpuCount) ? $"{offer.Cpus} CPUs, {_wanted.CpuFor(offer.GpuCount)} needed"
        : offer.MemoryBytes < _wanted.MemoryFor(offer.GpuCount).Bytes ? $"memory {Size(offer.MemoryBytes)}, {_wanted.MemoryFor(offer.GpuCount)} needed"
        : $"disk {Size(offer.DiskBytes ?? 0)}, {Needed(offer.Tier)} needed{(_loads.IsDiskAuto ? " (auto)" : "")}";

    private static ByteSize Size(long published) => new(Math.Max(0, published));

    private ByteSize Needed(OfferTier tier) => _wanted.Disk ?? ByteSize.FromGigabytes((decimal)Math.Ceiling(Math.Min(1e6, _loads.DiskOn(tier))));

    private (string Cpus, string Memory) Groups(int gpus)
    {
        if (!_groups.TryGetValue(gpus, out var groups))
        {
            _groups[gpus] = groups = ($"fewer than {_wanted.CpuFor(gpus)} CPUs", $"memory below {_wanted.MemoryFor(gpus)}");
        }

        return groups;
    }
}
