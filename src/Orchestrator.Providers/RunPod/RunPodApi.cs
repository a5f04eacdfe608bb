using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.RunPod;

/// <summary>The calls of RunPod's REST API, with its failures as ours.</summary>
internal sealed class RunPodApi(ApiClient client)
{
    private const int MostPages = 1000;

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
    public async Task<IReadOnlyList<ApiFields>> AllPodsAsync(CancellationToken cancellation)
    {
        List<ApiFields> all = [];
        HashSet<string> cursors = new(StringComparer.Ordinal);
        string? cursor = null;
        while (true)
        {
            var page = new ApiCall(HttpMethod.Get, $"v2/pods?includeClusterPods=false&limit=1000{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}") { Lanes = RunPodLanes.All };
            var answer = await AskAsync(page, cancellation);
            if (!answer.Fields["pods"].IsArray)
            {
                throw new ProviderException(ProviderErrorKind.Unknown, $"RunPod, {page}: the answer has no pods: {answer.Words}");
            }

            all.AddRange(answer.Fields["pods"].Items);
            var pagination = answer.Fields["pagination"];
            cursor = pagination["nextCursor"].Text;
            if (!(pagination["hasNextPage"].Flag ?? !string.IsNullOrEmpty(cursor)))
            {
                return all;
            }

            if (string.IsNullOrEmpty(cursor) || !cursors.Add(cursor) || cursors.Count > MostPages)
            {
                throw new ProviderException(ProviderErrorKind.Unknown, $"RunPod, {page}: its pages do not end");
            }
        }
    }
}
