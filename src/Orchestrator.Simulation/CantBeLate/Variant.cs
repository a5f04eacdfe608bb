using System.Collections.Immutable;

namespace Orchestrator.Simulation.CantBeLate;

/// <summary>One row of the published table: environments, deadline and overhead, in hours.</summary>
public sealed record Variant(string Name, ImmutableArray<string> Environments, double Work, double Deadline, double Overhead)
{
    private static readonly ImmutableArray<string> Scarce = ["us-west-2b_k80_1", "us-west-2b_v100_8", "us-west-2a_v100_8", "us-west-2b_v100_1"];
    private static readonly ImmutableArray<string> Plenty = ["us-west-2a_k80_8", "us-west-2b_k80_8", "us-west-2a_v100_1", "us-west-2a_k80_1"];

    /// <summary>The twelve, under their published names: there "high" and "low" speak of how often spot is <em>away</em>.</summary>
    public static ImmutableArray<Variant> Published { get; } =
    [
        .. from set in new[] { ("high", Scarce), ("low", Plenty), ("mixed", [.. Scarce, .. Plenty]) }
           from deadline in new[] { ("tight", 52.0), ("loose", 70.0) }
           from overhead in new[] { ("small", 0.05), ("large", 0.20) }
           select new Variant($"{set.Item1}_{deadline.Item1}_{overhead.Item1}", set.Item2, 48, deadline.Item2, overhead.Item2),
    ];

    /// <summary>Rows for environments that are not the published ones: one each, and all together.</summary>
    public static ImmutableArray<Variant> Of(ImmutableArray<string> environments, double work, double deadline, double overhead) =>
    [
        .. environments.Select(environment => new Variant(environment, [environment], work, deadline, overhead)),
        new Variant("all", environments, work, deadline, overhead),
    ];
}
