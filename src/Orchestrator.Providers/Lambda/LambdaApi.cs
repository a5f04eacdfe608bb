using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.Lambda;

/// <summary>The calls of Lambda's API, with its failures as ours. Bodies of instances hold secrets, and are part of no message.</summary>
internal sealed class LambdaApi(ApiClient client)
{
    /// <returns>What the answer holds under <c>data</c>.</returns>
    /// <exception cref="ProviderException">It failed, or holds nothing.</exception>
    public async Task<ApiFields> AskAsync(ApiCall call, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(call, cancellation);
        var data = answer.Fields["data"];
        return !answer.IsSuccess ? throw LambdaErrors.Of(call, answer)
            : data.IsNone ? throw new ProviderException(ProviderErrorKind.Unknown, $"Lambda, {call}: the answer has no data{(answer.Fields.IsNone ? ": " + answer.Words : "")}")
            : data;
    }

    /// <summary>For a call whose failures need a closer look.</summary>
    public Task<ApiAnswer> SendAsync(ApiCall call, CancellationToken cancellation) => client.SendAsync(call, cancellation);

    /// <summary>Every instance of the account, or an exception: never a part. All come at once unless pages are asked for; should they come all the same, they are read.</summary>
    public async Task<IReadOnlyList<ApiFields>> AllInstancesAsync(CancellationToken cancellation) => await Pages.ReadAsync(
        "Lambda",
        token => new ApiCall(HttpMethod.Get, token is null ? "api/v1/instances" : $"api/v1/instances?page_token={Uri.EscapeDataString(token)}") { Lanes = LambdaLanes.All },
        async page =>
        {
            var answer = await client.SendAsync(page, cancellation);
            if (!answer.IsSuccess)
            {
                throw LambdaErrors.Of(page, answer);
            }

            if (!answer.Fields["data"].IsArray)
            {
                throw new ProviderException(ProviderErrorKind.Unknown, $"Lambda, {page}: the answer has no list{(answer.Fields.IsNone ? ": " + answer.Words : "")}");
            }

            return (answer.Fields["data"].Items, Pages.OrNone(answer.Fields["page_token"].Text));
        });
}
