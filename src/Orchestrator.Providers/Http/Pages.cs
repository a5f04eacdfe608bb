namespace Orchestrator.Providers.Http;

/// <summary>A list that comes in pages: every one of them, or an exception, never a part.</summary>
internal static class Pages
{
    /// <summary>A thousand instances a page are a million: an API that still has more goes round in circles.</summary>
    private const int Most = 1000;

    /// <param name="api">As messages name it.</param>
    /// <param name="call">Asks for the page that a token names; null = the first.</param>
    /// <param name="read">Its rows and the token of the next one; null = it is the last.</param>
    /// <exception cref="ProviderException">Unknown: the pages do not end. What <paramref name="read"/> throws.</exception>
    public static async Task<List<ApiFields>> ReadAsync(string api, Func<string?, ApiCall> call, Func<ApiCall, Task<(IEnumerable<ApiFields> Rows, string? Next)>> read)
    {
        List<ApiFields> all = [];
        HashSet<string> tokens = new(StringComparer.Ordinal);
        string? token = null;
        while (true)
        {
            var page = call(token);
            (var rows, token) = await read(page);
            all.AddRange(rows);
            if (token is null)
            {
                return all;
            }

            if (token.Length == 0 || !tokens.Add(token) || tokens.Count > Most)
            {
                throw new ProviderException(ProviderErrorKind.Unknown, $"{api}, {page}: its pages do not end");
            }
        }
    }

    /// <summary>APIs say "no more" by null, by nothing at all, or by an empty text.</summary>
    public static string? OrNone(string? token) => string.IsNullOrEmpty(token) ? null : token;
}
