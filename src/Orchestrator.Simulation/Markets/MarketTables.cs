using System.Collections.Immutable;

namespace Orchestrator.Simulation.Markets;

/// <summary>
/// The recorded figures that the generator draws from: aggregates of the open market of July 2026 and fixed prices of the
/// market study of February 2026. Cards of which only a median or a cheapest price is known take the shape of the others.
/// </summary>
internal static class MarketTables
{
    /// <summary>On-demand price over its median, as the three cards with a full row share it.</summary>
    private static readonly Quantiles _shape = Quantiles.Seven(0.50, 0.74, 0.87, 1, 1.27, 1.62, 2.2);

    public static ImmutableArray<CardMarket> Cards { get; } =
    [
        new("RTX 3090", 96, Quantiles.Seven(.093, .107, .131, .147, .18, .243, .333), 44.5, .46, (.32, .40)),
        new("RTX 4090", 103, Quantiles.Seven(.133, .293, .333, .387, .493, .667, .84), 103, .59, (.44, .55)),
        new("RTX 5090", 118, Quantiles.Seven(.28, .333, .40, .467, .627, .667, 1.024), 194, .89, (.55, .85)),
        new("RTX 3090 Ti", 5, _shape.Times(.18), 46, null, null),
        new("RTX 4080", 6, _shape.Times(.20), 78, null, null),
        new("RTX 4060 Ti", 8, _shape.Times(.14), 28, null, null),
        new("RTX A4000", 6, _shape.Times(.12), 22, null, null),
        new("RTX A6000", 10, _shape.Times(.407), 46, .49, (.40, .48)),
        new("RTX 4000 Ada", 4, _shape.Times(.19), 31, null, null),
        new("RTX 5000 Ada", 4, _shape.Times(.42), 64, null, null),
        new("RTX 6000 Ada", 6, _shape.Times(.62), 110, .77, (.68, .74)),
        new("RTX PRO 6000", 14, _shape.Times(.96), 283, 1.79, null),
        new("L4", 18, _shape.Times(.413), 30, .39, (.29, .35)),
        new("L40S", 9, _shape.Times(.733), 115, .86, (.79, .85)),
        new("A10", 8, _shape.Times(.697), 33, null, null),
        new("A40", 5, _shape.Times(.60), 50, .44, (.35, .40)),
        new("T4", 4, _shape.Times(.12), 4.4, null, null),
        new("A100-40GB", 8, _shape.Times(.95), 118, null, (1.09, 1.29)),
        new("A100-80GB", 12, _shape.Times(1.05), 125, 1.44, (1.19, 1.35)),
        new("H100-80GB", 14, _shape.Times(2.1), 240, 2.39, (1.89, 2.29)),
        new("H200", 6, _shape.Times(3.0), 300, 3.59, null),
    ];

    /// <summary>Fixed prices of a managed cloud: dollars per hour and card.</summary>
    public static ImmutableArray<(string Card, int Count, double Price)> Managed { get; } =
    [
        ("A10", 1, .75), ("RTX A6000", 1, .80), ("RTX A6000", 4, .80), ("A100-40GB", 1, 1.29), ("A100-40GB", 8, 1.29),
        ("A100-80GB", 8, 1.79), ("H100-80GB", 1, 3.29), ("H100-80GB", 8, 2.99),
    ];

    /// <summary>Where a cloud with fixed prices has its secure tier: some of the names that its API documents.</summary>
    public static ImmutableArray<(string Name, string Country)> DataCentres { get; } =
    [
        ("EU-RO-1", "RO"), ("EU-SE-1", "SE"), ("EU-CZ-1", "CZ"), ("EU-FR-1", "FR"), ("US-TX-3", "US"), ("US-KS-2", "US"), ("US-GA-1", "US"), ("CA-MTL-1", "CA"), ("AP-JP-1", "JP"),
    ];

    /// <summary>On-demand price over the lowest bid on the same host. Between the last two recorded figures, 2.71 and one host at 20.9, the tail is judged: it falls fast.</summary>
    public static Quantiles FloorRatio { get; } = new((0, 1.017), (.1, 1.059), (.25, 1.134), (.5, 1.298), (.75, 1.85), (.9, 2.71), (.97, 4), (.99, 7), (1, 20.9));

    /// <summary>Dollars per gigabyte and month.</summary>
    public static Quantiles Storage { get; } = new((0, .133), (.28, .133), (.2801, .20), (.76, .20), (.7601, .267), (.86, .267), (.8601, .333), (.9, .467), (1, 1.0));

    /// <summary>Dollars per gigabyte sent and received: half of all hosts take the usual pair.</summary>
    public static Quantiles UpPrice { get; } = new((0, 0), (.1, .0002), (.25, .0016), (.30, .00390625), (.78, .00390625), (.9, .0146), (1, .052));

    public static Quantiles DownPrice { get; } = new((0, 0), (.1, .0002), (.25, .0013), (.30, .0026041667), (.78, .0026041667), (.9, .0117), (1, .052));

    public static Quantiles DiskGBPerCard { get; } = Quantiles.Seven(34, 129, 210, 362, 728, 1254, 2962);

    public static Quantiles CoresPerCard { get; } = Quantiles.Seven(2, 4.8, 10, 18, 29, 32, 80);

    public static Quantiles MemoryGBPerCard { get; } = Quantiles.Seven(7.98, 31.95, 32.2, 64.3, 128.7, 186.1, 451);

    public static Quantiles RentalDays { get; } = Quantiles.Seven(2, 12.4, 26, 107, 163, 183, 523);

    public static ImmutableArray<(string Country, double Weight)> Countries { get; } =
    [
        ("US", 14), ("GB", 6), ("CA", 4), ("CN", 3), ("PL", 3), ("BG", 2), ("BE", 2), ("TW", 2), ("IN", 1), ("AR", 1), ("RO", 1), ("AU", 1),
        ("TH", 1), ("DE", 1), ("KR", 1), ("RU", 1), ("OM", 1), ("CZ", 1), ("ZA", 1), ("JP", 1),
    ];

    /// <summary>Cards of a host, as the offers per size say.</summary>
    public static ImmutableArray<(int Cards, double Weight)> Sizes { get; } = [(1, .51), (2, .24), (4, .117), (8, .133)];
}
