using Orchestrator.Offers;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Offers as the API shows them.</summary>
internal static class OfferViews
{
    public static OfferView Of(Offer offer) => new()
    {
        Provider = offer.Provider,
        Id = offer.Id,
        Capacity = Words.Of(offer.Capacity),
        Host = offer.Host,
        Labels = offer.Labels,
        Tier = Words.Of(offer.Tier),
        Country = offer.Country,
        PricePerHour = offer.PricePerHour.Dollars,
        Gpu = offer.Gpu,
        GpuCount = offer.GpuCount,
        GpuMemoryGB = offer.GpuMemoryGB,
        Cpus = offer.Cpus,
        MemoryBytes = offer.MemoryBytes,
        DiskBytes = offer.DiskBytes,
    };
}
