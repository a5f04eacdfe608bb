using System.Text.Json.Nodes;
using Orchestrator.Determinism;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.RunPod;

/// <summary>Whose account it is. Only the old API says so, until it is retired.</summary>
internal static class RunPodAccount
{
    private static readonly ApiCall _call = new(HttpMethod.Post, "graphql") { Body = new JsonObject { ["query"] = "query { myself { id } }" }, Lanes = RunPodLanes.GraphQl };

    /// <summary>A key that is good for the newer API alone is refused here: then it is not known whose it is, which is no failure.</summary>
    public static AccountQuestion Who { get; } = new(_call, answer =>
        answer.Fields["data"]["myself"]["id"].Text is { Length: > 0 } id ? [id]
        : (int)answer.Status >= 500 ? throw RunPodErrors.Of(_call, answer)
        : []);

    /// <summary>What somebody else rented on the account; null = ours, or nothing that can be named.</summary>
    public static ForeignInstance? ReadForeign(ApiFields pod) =>
        pod["id"].Text is { } id && RunPodPod.IsId(id) && pod["name"].Text?.StartsWith(LaunchToken.Prefix, StringComparison.Ordinal) != true
            ? new ForeignInstance(id, OneLine.Of(pod["name"].Text, 60)) { PricePerHour = pod["cost"].Dollars, Since = pod["createdAt"].Time, Words = OneLine.Of(pod["status"].Text, 20) }
            : null;
}
