using Orchestrator.Offers;

namespace Orchestrator.Planning;

/// <summary>The order in which every tie ends: smaller machines first, then by name.</summary>
internal sealed class OfferOrder : IComparer<Offer>
{
    public static readonly OfferOrder Instance = new();

    public int Compare(Offer? x, Offer? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var order = x.GpuCount.CompareTo(y.GpuCount);
        order = order != 0 ? order : x.Cpus.CompareTo(y.Cpus);
        order = order != 0 ? order : string.CompareOrdinal(x.Provider, y.Provider);
        order = order != 0 ? order : string.CompareOrdinal(x.Id, y.Id);
        return order != 0 ? order : x.Capacity.CompareTo(y.Capacity);
    }
}
