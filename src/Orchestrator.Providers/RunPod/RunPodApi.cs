using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.RunPod;

/// <summary>The calls of RunPod's REST API, with its failures as ours.</summary>
internal sealed class RunPodApi(ApiClient client)
{
    /// <exception cref="ProviderException">It failed.</exception>
    public async Task<ApiAnswer> AskAsync(ApiCall call, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(call, cancellation);
        return answer.IsSuccess ? answer : throw RunPodErrors.Of(call, answer);
    }

    /// <summary>For a call whose failures need a closer look.</summary>
    public Task<ApiAnswer> SendAsync(ApiCall call, CancellationToken cancellation) => client.SendAsync(call, cancellation);

    /// <summary>
    /// Every pod of the account, or an exception: never a part. A server that knows no pages ignores that they are asked for, and sends
    /// all at once.
    /// </summary>
    public async Task<IReadOnlyList<ApiFields>> AllPodsAsync(CancellationToken cancellation) => await Pages.ReadAsync(
        "RunPod",
        cursor => new ApiCall(HttpMethod.Get, $"v2/pods?includeClusterPods=false&limit=1000{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}") { Lanes = RunPodLanes.All },
        async page =>
        {
            var answer = await AskAsync(page, cancellation);
            if (!answer.Fields["pods"].IsArray)
            {
                throw new ProviderException(ProviderErrorKind.Unknown, $"RunPod, {page}: the answer has no pods: {answer.Words}");
            }

            var (more, cursor) = (answer.Fields["pagination"]["hasNextPage"].Flag, answer.Fields["pagination"]["nextCursor"].Text);
            // A next page without a name is one that cannot be asked for.
            return (answer.Fields["pods"].Items, more == true ? cursor ?? "" : more == false ? null : Pages.OrNone(cursor));
        });
}
