using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.VastAi;

/// <summary>
/// One part of the market: some cards in some numbers. One search shows some dozens of the cheapest rows, so a market asked for
/// as a whole would show nothing but small cards.
/// </summary>
/// <param name="Name">For messages.</param>
/// <param name="Cards">As Vast.ai spells them, with blanks: any other spelling finds nothing.</param>
/// <param name="Others">All cards but these.</param>
/// <param name="Least">Fewest cards of an offer.</param>
/// <param name="Most">Most; null = any number.</param>
/// <param name="Verified">Hosts that Vast.ai has verified, or the others.</param>
internal sealed record VastSearch(string Name, ImmutableArray<string> Cards, bool Others, int Least, int? Most, bool Verified)
{
    /// <summary>What a search was seen to show at most, whatever is asked for: one that shows fewer rows shows all.</summary>
    public const int FullPage = 64;

    /// <summary>More rows of one part are not asked for: these are its cheapest.</summary>
    private const int MostPages = 3;

    /// <summary>Zero shows the cheapest rows, each further one what costs more than those before it.</summary>
    public int Page { get; private init; }

    /// <summary>Null = it is the last that is asked for.</summary>
    public VastSearch? Next => Page < MostPages - 1 ? this with { Page = Page + 1 } : null;

    private static readonly (string Name, ImmutableArray<string> Cards)[] _families =
    [
        ("4090", ["RTX 4090", "RTX 4090D"]),
        ("3090", ["RTX 3090", "RTX 3090 Ti"]),
        ("5090", ["RTX 5090"]),
        ("A100", ["A100 SXM4", "A100 SXM", "A100 PCIE", "A100X", "A800 PCIE"]),
        ("H100", ["H100 SXM", "H100 PCIE", "H100 NVL", "GH200 SXM"]),
        ("H200", ["H200", "H200 NVL", "B200", "B300"]),
        ("48 GB and more", ["A40", "RTX A6000", "L40", "L40S", "RTX 6000Ada", "RTX 5880Ada", "Q RTX 8000", "RTX PRO 5000", "RTX PRO 6000", "RTX PRO 6000 S", "RTX PRO 6000 WS", "RTX PRO 6000 Max-Q"]),
    ];

    /// <summary>Machines with several cards are few: coarser families do.</summary>
    private static readonly (string Name, ImmutableArray<string> Cards)[] _coarse =
    [
        ("consumer", [.. _families[..3].SelectMany(family => family.Cards)]),
        ("data centre", [.. _families[3..6].SelectMany(family => family.Cards)]),
    ];

    /// <summary>All parts, those that are wanted most first.</summary>
    public static ImmutableArray<VastSearch> All(bool unverified) =>
    [
        .. from verified in unverified ? (bool[])[true, false] : [true]
           from part in (IEnumerable<VastSearch>)[.. Parts("1x", 1, 1, _families, verified), .. Parts("2x", 2, 3, _coarse, verified), .. Parts("4x and more", 4, null, _coarse, verified)]
           select part,
    ];

    private static IEnumerable<VastSearch> Parts(string count, int least, int? most, (string Name, ImmutableArray<string> Cards)[] families, bool verified)
    {
        var trust = verified ? "" : ", unverified";
        foreach (var (name, cards) in families)
        {
            yield return new($"{count} {name}{trust}", cards, Others: false, least, most, verified);
        }

        yield return new($"{count} others{trust}", [.. families.SelectMany(family => family.Cards)], Others: true, least, most, verified);
    }

    /// <param name="options">How.</param>
    /// <param name="from">Least price, in dollars an hour with the disk; null = any.</param>
    public ApiCall Call(VastOptions options, double? from)
    {
        var count = new JsonObject { ["gte"] = Least };
        if (Most is { } most)
        {
            count["lte"] = most;
        }

        var body = new JsonObject
        {
            ["rentable"] = Is(true),
            ["rented"] = Is(false),
            ["external"] = Is(false),
            ["verified"] = Is(Verified),
            ["gpu_name"] = new JsonObject { [Others ? "notin" : "in"] = new JsonArray([.. Cards.Select(card => (JsonNode)JsonValue.Create(card))]) },
            ["num_gpus"] = count,
            // Our own sshd needs a port of its own; Vast.ai's relay leads to theirs only.
            ["direct_port_count"] = new JsonObject { ["gte"] = 1 },
            // One search shows both prices: the asks are the same, and the bid's floor is in them.
            ["type"] = "on-demand",
            ["order"] = new JsonArray(new JsonArray("dph_total", "asc")),
            ["allocated_storage"] = options.LeastDiskGB,
            ["limit"] = options.RowsPerSearch,
        };
        if (from is { } least)
        {
            // Of two rows with one price the second may be on the next page.
            body["dph_total"] = new JsonObject { ["gte"] = least };
        }

        return new ApiCall(HttpMethod.Post, "api/v0/bundles/")
        {
            Lanes = VastLanes.Search,
            // Whoever wants offers does not wait: what was seen a minute ago serves.
            Patience = TimeSpan.Zero,
            Body = body,
        };
    }

    /// <summary>Filters were seen to let rows through that do not match.</summary>
    public bool Covers(VastAsk ask) => ask.Gpus >= Least && !(ask.Gpus > Most) && Cards.Contains(ask.GpuName) != Others && ask.Verified == Verified;

    private static JsonObject Is(bool value) => new() { ["eq"] = value };
}
