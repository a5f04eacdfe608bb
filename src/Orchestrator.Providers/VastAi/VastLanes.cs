using System.Collections.Immutable;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.VastAi;

/// <summary>The published limits: a least distance between two calls of one endpoint, with a little to spare, since clocks and networks differ.</summary>
internal static class VastLanes
{
    /// <summary>Ten in any minute, of which a few may come at once.</summary>
    public static ImmutableArray<PaceLane> Search { get; } = [new("search", TimeSpan.FromSeconds(10), Burst: 4)];

    public static ImmutableArray<PaceLane> Create { get; } = [Lane("create", 4.5)];

    public static ImmutableArray<PaceLane> Destroy { get; } = [Lane("destroy", 3)];

    public static ImmutableArray<PaceLane> List { get; } = [Lane("list", 1)];

    public static ImmutableArray<PaceLane> Show { get; } = [Lane("show", 2)];

    public static ImmutableArray<PaceLane> Charges { get; } = [Lane("charges", 1)];

    public static ImmutableArray<PaceLane> User { get; } = [Lane("user", 1)];

    private static PaceLane Lane(string name, double seconds) => new(name, TimeSpan.FromSeconds(seconds * 1.05));
}
