using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.VastAi;

/// <summary>The calls of Vast.ai's API, with its failures as ours.</summary>
internal sealed class VastApi(ApiClient client)
{
    /// <exception cref="ProviderException">It failed, or said so with status 200.</exception>
    public async Task<ApiAnswer> AskAsync(ApiCall call, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(call, cancellation);
        return VastErrors.IsSuccess(answer) ? answer : throw VastErrors.Of(call, answer);
    }

    /// <summary>For a call whose failures need a closer look.</summary>
    public Task<ApiAnswer> SendAsync(ApiCall call, CancellationToken cancellation) => client.SendAsync(call, cancellation);

    /// <summary>Every page of a list, or an exception: never a part.</summary>
    /// <param name="path">With its query; the token of the page is added.</param>
    /// <param name="rows">Name of the field with the rows.</param>
    /// <param name="count">Name of the field that counts them over all pages.</param>
    /// <param name="call">The call without its path.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<IReadOnlyList<ApiFields>> AllPagesAsync(string path, string rows, string count, Func<string, ApiCall> call, CancellationToken cancellation)
    {
        long? total = null;
        ApiCall? last = null;
        var all = await Pages.ReadAsync("Vast.ai", token => call(token is null ? path : $"{path}&after_token={Uri.EscapeDataString(token)}"), async page =>
        {
            var answer = await AskAsync(page, cancellation);
            if (!answer.Fields[rows].IsArray)
            {
                throw new ProviderException(ProviderErrorKind.Unknown, $"Vast.ai, {page}: the answer has no {rows}: {answer.Words}");
            }

            (last, total) = (page, answer.Fields[count].Whole);
            return (answer.Fields[rows].Items, Pages.OrNone(answer.Fields["next_token"].Text));
        });
        // Counted by the last page: rows that ended meanwhile are in neither number.
        return Different(all) < total
            ? throw new ProviderException(ProviderErrorKind.Unknown, $"Vast.ai, {last}: the pages show {Different(all)} rows of {total}")
            : all;
    }

    /// <summary>A row that stands on two pages must not hide one that stands on none. Rows without an id are each their own.</summary>
    private static int Different(List<ApiFields> rows) => rows.Count(row => row["id"].Text is null) + rows.Select(row => row["id"].Text).OfType<string>().Distinct(StringComparer.Ordinal).Count();
}
