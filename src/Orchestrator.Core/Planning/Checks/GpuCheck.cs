using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary>The spec's GPU alternatives: any will do. Cards we do not know pass through by name.</summary>
internal sealed class GpuCheck(ImmutableArray<GpuRequirement> alternatives) : Check
{
    private readonly string[] _models = [.. alternatives.Select(wanted => wanted.Model is { } model ? Canonical(model) : "")];

    // Markets spell few cards in many rows.
    private readonly Dictionary<string, Card> _cards = new(StringComparer.Ordinal);
    private (string? Gpu, Card? Card) _newest;

    public override string? Rejects(Offer offer) => Find(offer).Group;

    public override string Words(Offer offer)
    {
        var (group, wanted) = Find(offer);
        var memory = offer.GpuMemoryGB?.ToString() ?? "unknown";
        return group switch
        {
            Failure.NotWanted => "the job needs none",
            Failure.None => "the job needs one",
            Failure.Model => $"{offer.Gpu}, {wanted!.Model} wanted",
            Failure.Count => $"{offer.GpuCount} GPUs, {wanted!.Count} wanted",
            Failure.Memory => $"{memory} GB, {wanted!.Memory} wanted",
            Failure.TotalMemory => $"{offer.GpuCount} x {memory} GB, {wanted!.TotalMemory} wanted",
            Failure.Capability => FormattableString.Invariant($"compute capability {Capability(offer)?.ToString("0.0") ?? "unknown"}, {wanted!.ComputeCapability} wanted"),
            _ => $"interconnect {offer.Interconnect?.ToString().ToLowerInvariant() ?? "unknown"}, {wanted!.Interconnect.ToString().ToLowerInvariant()} wanted",
        };
    }

    private static class Failure
    {
        public const string NotWanted = "with GPU";
        public const string None = "no GPU";
        public const string Model = "other GPU";
        public const string Count = "other GPU count";
        public const string Memory = "GPU memory";
        public const string TotalMemory = "GPU memory in all";
        public const string Capability = "compute capability";
        public const string Interconnect = "interconnect";
    }

    private (string? Group, GpuRequirement? Wanted) Find(Offer offer)
    {
        if (alternatives.IsEmpty)
        {
            // A card nobody asked for is somebody else's; where it is the only kind, CPU offers come with it.
            return (offer.GpuCount > 0 ? Failure.NotWanted : null, null);
        }

        if (offer.GpuCount == 0)
        {
            return (Failure.None, null);
        }

        // The alternative that came furthest says most.
        var card = Of(offer.Gpu ?? "");
        var (group, furthest, nearest) = ((string?)null, -1, (GpuRequirement?)null);
        for (var i = 0; i < alternatives.Length; i++)
        {
            var (failure, depth) = Fails(alternatives[i], card.Fits[i], card.Capability, offer);
            if (failure is null)
            {
                return (null, alternatives[i]);
            }

            if (depth > furthest)
            {
                (group, furthest, nearest) = (failure, depth, alternatives[i]);
            }
        }

        return (group, nearest);
    }

    private static (string? Failure, int Depth) Fails(GpuRequirement wanted, bool model, decimal? capability, Offer offer)
    {
        if (!model)
        {
            return (Failure.Model, 0);
        }

        if (!wanted.Count.Contains(offer.GpuCount))
        {
            return (Failure.Count, 1);
        }

        if (wanted.Memory is { } each && !(offer.GpuMemoryGB is { } gigabytes && each.Contains(Size(gigabytes))))
        {
            return (Failure.Memory, 2);
        }

        if (wanted.TotalMemory is { } all && !(offer.GpuMemoryGB is { } one && all.Contains(Size((long)one * offer.GpuCount))))
        {
            return (Failure.TotalMemory, 3);
        }

        if (wanted.ComputeCapability is { } range && !((offer.ComputeCapability ?? capability) is { } known && range.Contains(known)))
        {
            return (Failure.Capability, 4);
        }

        return wanted.Interconnect == GpuInterconnect.Nvlink && offer.GpuCount > 1 && !HasNvlink(offer) ? (Failure.Interconnect, 5) : (null, 6);
    }

    /// <summary>Where nobody says: data centres join their cards, other hosts do not.</summary>
    private static bool HasNvlink(Offer offer) => offer.Interconnect is { } known ? known == GpuInterconnect.Nvlink : offer.Tier == OfferTier.Datacenter;

    /// <summary>Offers of one host come together, so that the last card is asked for again and again.</summary>
    private Card Of(string gpu)
    {
        if (_newest is { Card: { } known } && _newest.Gpu == gpu)
        {
            return known;
        }

        if (!_cards.TryGetValue(gpu, out var card))
        {
            var name = Canonical(gpu);
            _cards[gpu] = card = new Card(
                [.. _models.Select(model => model.Length == 0 || string.Equals(model, name, StringComparison.OrdinalIgnoreCase))],
                GpuTable.Find(gpu)?.ComputeCapability);
        }

        _newest = (gpu, card);
        return card;
    }

    private decimal? Capability(Offer offer) => offer.ComputeCapability ?? Of(offer.Gpu ?? "").Capability;

    private static ByteSize Size(long gigabytes) => new(gigabytes * 1_000_000_000);

    private static string Canonical(string name) => GpuTable.Find(name)?.Name ?? name;

    /// <param name="Fits">By alternative, whether the model is the one wanted.</param>
    /// <param name="Capability">By the table.</param>
    private sealed record Card(bool[] Fits, decimal? Capability);
}
