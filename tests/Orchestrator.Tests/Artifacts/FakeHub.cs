using System.Net;
using System.Text.Json;
using Orchestrator.Tests.Http;

namespace Orchestrator.Tests.Artifacts;

/// <summary>A Hub with one repository: large files behind signed URLs, small ones on its own pages.</summary>
internal sealed class FakeHub
{
    public const string Token = "hf_secret";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    public FakeHub() => Handler = new(Answer);

    public ScriptedHandler Handler { get; }

    public string Page { get; set; } = "acme/net";

    /// <summary>Content by path; what begins with "big" is large.</summary>
    public SortedDictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    public bool IsGated { get; set; }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var path = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath).TrimStart('/');
        var isKnown = request.Headers.Authorization?.ToString() == "Bearer " + Token;
        var kind = Page.StartsWith("datasets/", StringComparison.Ordinal) ? "" : "models/";
        if (path == $"api/{kind}{Page}/revision/main")
        {
            return ScriptedHandler.Text(JsonSerializer.Serialize(new { sha = Commit, @private = false, gated = IsGated ? (object)"auto" : false }));
        }

        if (path.StartsWith($"api/{kind}{Page}/revision/", StringComparison.Ordinal))
        {
            return Error(HttpStatusCode.NotFound, "RevisionNotFound");
        }

        if (path.StartsWith($"api/{kind}{Page}/tree/{Commit}", StringComparison.Ordinal))
        {
            return Tree(path[$"api/{kind}{Page}/tree/{Commit}".Length..].Trim('/'), request.RequestUri);
        }

        if (path.StartsWith($"{Page}/resolve/{Commit}/", StringComparison.Ordinal) && path[$"{Page}/resolve/{Commit}/".Length..] is var file && Files.TryGetValue(file, out var content))
        {
            if (IsGated && !isKnown)
            {
                return Error(HttpStatusCode.Unauthorized, "GatedRepo");
            }

            if (!file.Contains("big", StringComparison.Ordinal))
            {
                return ScriptedHandler.Text(content);
            }

            var away = new HttpResponseMessage(HttpStatusCode.Found);
            away.Headers.Location = new($"https://cdn.example.org/{file}?signature=1");
            return away;
        }

        return Error(HttpStatusCode.Unauthorized, "RepoNotFound");
    }

    /// <summary>Two entries a page.</summary>
    private HttpResponseMessage Tree(string folder, Uri url)
    {
        var query = System.Web.HttpUtility.ParseQueryString(url.Query);
        var skip = int.Parse(query["cursor"] ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        var below = folder.Length == 0 ? "" : folder + "/";
        var all = Files.Where(file => file.Key.StartsWith(below, StringComparison.Ordinal) && (query["recursive"] == "true" || !file.Key[below.Length..].Contains('/', StringComparison.Ordinal))).ToList();
        if (all.Count == 0)
        {
            return Error(HttpStatusCode.NotFound, "EntryNotFound");
        }

        var answer = ScriptedHandler.Text(JsonSerializer.Serialize(all.Skip(skip).Take(2).Select(file => file.Key.Contains("big", StringComparison.Ordinal)
            ? (object)new { type = "file", path = file.Key, size = file.Value.Length, lfs = new { oid = "x" } }
            : new { type = "file", path = file.Key, size = file.Value.Length })));
        if (all.Count > skip + 2)
        {
            answer.Headers.Add("Link", $"<{url.GetLeftPart(UriPartial.Path)}?recursive={query["recursive"]}&cursor={skip + 2}>; rel=\"next\"");
        }

        return answer;
    }

    private static HttpResponseMessage Error(HttpStatusCode status, string code)
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent("") };
        answer.Headers.Add("X-Error-Code", code);
        return answer;
    }
}
