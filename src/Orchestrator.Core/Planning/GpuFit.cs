using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning;

/// <summary>Whether an offer's cards are among a spec's alternatives.</summary>
internal static class GpuFit
{
    public static Rejection? Reject(ImmutableArray<GpuRequirement> alternatives, Offer offer)
    {
        if (alternatives.IsEmpty)
        {
            // A card nobody asked for is somebody else's; where it is the only kind, CPU offers come with it.
            return offer.GpuCount > 0 ? new Rejection(offer, "with GPU", "the job needs none") : null;
        }

        if (offer.GpuCount == 0)
        {
            return new Rejection(offer, "no GPU", "the job needs one");
        }

        Rejection? nearest = null;
        foreach (var wanted in alternatives)
        {
            if (Reject(wanted, offer) is not { } rejection)
            {
                return null;
            }

            nearest = rejection;
        }

        return nearest;
    }

    private static Rejection? Reject(GpuRequirement wanted, Offer offer)
    {
        if (wanted.Model is { } model && !string.Equals(Canonical(model), Canonical(offer.Gpu ?? ""), StringComparison.OrdinalIgnoreCase))
        {
            return new Rejection(offer, "other GPU", $"{offer.Gpu}, {model} wanted");
        }

        if (!wanted.Count.Contains(offer.GpuCount))
        {
            return new Rejection(offer, "other GPU count", $"{offer.GpuCount} GPUs, {wanted.Count} wanted");
        }

        var memory = offer.GpuMemoryGB is { } gigabytes ? ByteSize.FromGigabytes(gigabytes) : (ByteSize?)null;
        if (wanted.Memory is { } range && (memory is null || !range.Contains(memory.Value)))
        {
            return new Rejection(offer, "GPU memory", $"{offer.GpuMemoryGB?.ToString() ?? "unknown"} GB, {range} wanted");
        }

        return wanted.TotalMemory is { } total && (memory is null || !total.Contains(new ByteSize(memory.Value.Bytes * offer.GpuCount)))
            ? new Rejection(offer, "GPU memory in all", $"{offer.GpuMemoryGB * offer.GpuCount} GB, {total} wanted")
            : null;
    }

    /// <summary>Cards we do not know pass through by name.</summary>
    private static string Canonical(string name) => GpuTable.Find(name)?.Name ?? name;
}
