using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Offers;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.Lambda;

/// <summary>An instance type and where there is some of it: the id of an offer is <c>TYPE/REGION</c>.</summary>
internal static partial class LambdaType
{
    private const long Gibibyte = 1L << 30;

    /// <returns>Null: no offer of ours.</returns>
    public static (string Type, string Region)? Parse(string offerId) => offerId.Split('/') is [var type, var region] && IsName(type) && IsName(region) ? (type, region) : null;

    /// <returns>Null: it lacks what an offer cannot do without. None: it is not to be had, or not by us.</returns>
    public static ImmutableArray<Offer>? Read(ApiFields entry)
    {
        var type = entry["instance_type"];
        var specs = type["specs"];
        if (type["name"].Text is not { } name || !IsName(name) || type["price_cents_per_hour"].Whole is not (>= 0 and <= 100_000_000 and var cents) || specs["vcpus"].Whole is not (> 0 and < 100_000 and var cpus)
            || specs["memory_gib"].Whole is not (> 0 and < 1_000_000 and var memory) || !entry["regions_with_capacity_available"].IsArray || CardsOf(type) is not { } cards)
        {
            return null;
        }

        // The agent is built for the other kind of processor. Older answers do not tell; their one such card does.
        if (type["architecture"].Text is not (null or "x86_64") || name.Contains("gh200", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var card = cards.Name is { } spelled ? GpuTable.Find(spelled, cards.MemoryGB) : null;
        var offer = new Offer
        {
            Provider = LambdaProvider.ProviderName,
            Id = "",
            Capacity = CapacityType.OnDemand,
            HostKind = HostKind.Machine,
            // Of the whole instance.
            PricePerHour = new Money(cents * 10_000),
            BillingUnit = TimeSpan.FromMinutes(1),
            Gpu = card?.Name ?? (cards.Name is { } other ? OneLine.Of(other, 60) : null),
            GpuCount = cards.Count,
            GpuMemoryGB = card?.MemoryGb ?? cards.MemoryGB,
            ComputeCapability = card?.ComputeCapability,
            Cpus = (int)cpus,
            MemoryBytes = memory * Gibibyte,
            DiskBytes = specs["storage_gib"].Whole is { } disk and > 0 and < 1_000_000 ? disk * Gibibyte : null,
            RunsImages = true,
            Tier = OfferTier.Datacenter,
            Trusted = true,
        };
        return
        [
            .. entry["regions_with_capacity_available"].Items.Select(region => region["name"].Text).OfType<string>().Where(IsName).Distinct(StringComparer.Ordinal)
                .Select(region => offer with { Id = $"{name}/{region}", Country = region.StartsWith("us-", StringComparison.Ordinal) ? "US" : null }),
        ];
    }

    private static bool IsName(string text) => Name().IsMatch(text);

    /// <summary>Memory of a card is in its description alone: "8x A100 (80 GB SXM4)".</summary>
    private static (string? Name, int Count, int? MemoryGB)? CardsOf(ApiFields type)
    {
        if (type["specs"]["gpus"].Whole is not (>= 0 and <= 1024 and var count))
        {
            return null;
        }

        if (count == 0)
        {
            return (null, 0, null);
        }

        return Description().Match(type["description"].Text ?? "") is { Success: true } match ? Cards(match)
            : Description().Match(type["gpu_description"].Text ?? "") is { Success: true } other ? Cards(other)
            : null;

        (string?, int, int?)? Cards(Match found) => (found.Groups["card"].Value, (int)count, int.Parse(found.Groups["memory"].ValueSpan, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^(?:[0-9]{1,4}x )?(?:Tesla )?(?<card>[^()]{1,60}?) \((?<memory>[0-9]{1,4}) GB")]
    private static partial Regex Description();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}\z")]
    private static partial Regex Name();
}
