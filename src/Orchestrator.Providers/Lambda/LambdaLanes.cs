using System.Collections.Immutable;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.Lambda;

/// <summary>The limits of an account, which its keys share: a request a second, a launch in twelve; with a little to spare.</summary>
internal static class LambdaLanes
{
    private static readonly PaceLane _all = new("all", TimeSpan.FromSeconds(1.1));

    public static ImmutableArray<PaceLane> All { get; } = [_all];

    public static ImmutableArray<PaceLane> Launch { get; } = [_all, new("launch", TimeSpan.FromSeconds(12.5))];
}
