using System.Collections.Immutable;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.RunPod;

/// <summary>
/// The limits of an account, which its keys share: 180 a minute, 7200 an hour, 86400 a day were measured, and this stays below all
/// three. They may differ by account: what the answers say of them counts (<see cref="RateLimitHeader"/>).
/// </summary>
internal static class RunPodLanes
{
    public static ImmutableArray<PaceLane> All { get; } = [new("all", TimeSpan.FromSeconds(1.05), Burst: 100)];

    /// <summary>Of the old API, whose limits are not published.</summary>
    public static ImmutableArray<PaceLane> GraphQl { get; } = [new("graphql", TimeSpan.FromSeconds(2), Burst: 5)];
}
