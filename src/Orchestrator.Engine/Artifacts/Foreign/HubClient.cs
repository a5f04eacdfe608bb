using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Security;

namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>The Hub's API, as far as we need it. The token stays on this machine. Throws <see cref="StoreException"/>.</summary>
internal sealed class HubClient(HubSettings settings, PatientClient http, TokenReader tokens)
{
    private const int LongestPage = 32 << 20;

    internal async Task<HubRevision> RevisionAsync(HubPlace place, CancellationToken cancellation)
    {
        using var document = (await JsonAsync(place, Url($"api/{place.Kind}/{place.Repository}/revision/{Uri.EscapeDataString(place.Revision)}"), cancellation)).Document;
        var root = document.RootElement;
        var isGated = root.TryGetProperty("gated", out var gated) && gated.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);
        var isPrivate = root.TryGetProperty("private", out var hidden) && hidden.ValueKind == JsonValueKind.True;
        return root.TryGetProperty("sha", out var sha) && sha.GetString() is { Length: 40 } commit && commit.All(char.IsAsciiHexDigitLower)
            ? new(commit, !isGated && !isPrivate)
            : throw Unreadable("it names no commit");
    }

    /// <summary>Files below a folder of a pinned revision; of the folder alone, or of all below it.</summary>
    internal async IAsyncEnumerable<HubFile> TreeAsync(HubPlace place, string folder, bool recursive, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var at = folder.Length == 0 ? "" : "/" + HubPlace.Escaped(folder);
        for (var page = Url($"api/{place.Kind}/{place.Repository}/tree/{place.Revision}{at}?recursive={(recursive ? "true" : "false")}"); page is not null;)
        {
            (var document, page) = await JsonAsync(place, page, cancellation);
            using (document)
            {
                foreach (var entry in document.RootElement.EnumerateArray())
                {
                    if (File(entry) is { } file)
                    {
                        yield return file;
                    }
                }
            }
        }
    }

    /// <summary>Where a host may fetch a file without a token: the signed URL that the Hub gives us, or its own where anybody may read.</summary>
    internal async Task<Uri> LinkAsync(HubPlace place, string path, CancellationToken cancellation)
    {
        var url = Url($"{place.Page}/resolve/{place.Revision}/{HubPlace.Escaped(path)}");
        for (var (at, hops) = (url, 0); ; hops++)
        {
            using var answer = await SendAsync(HttpMethod.Head, at, cancellation);
            if (Redirects.Of(answer, at) is { } next)
            {
                if (!Redirects.IsSameServer(next, settings.Endpoint))
                {
                    return next;
                }

                // The Hub itself may send us on to another of its pages first.
                at = hops < Redirects.Most ? next : throw Unreadable("it leads us in a circle");
                continue;
            }

            return answer.IsSuccessStatusCode ? at : throw Refused(answer, place);
        }
    }

    /// <summary>The bytes of a file; the caller disposes the answer.</summary>
    internal async Task<HttpResponseMessage> OpenAsync(HubPlace place, string path, CancellationToken cancellation)
    {
        try
        {
            var (answer, _) = await http.FollowAsync(
                Url($"{place.Page}/resolve/{place.Revision}/{HubPlace.Escaped(path)}"), await RequestAsync(HttpMethod.Get, cancellation), cancellation);
            return answer.IsSuccessStatusCode ? answer : throw Refused(answer, place);
        }
        catch (UnreachableException away)
        {
            throw new StoreException(StoreErrorKind.Transient, away.Message, away);
        }
    }

    private async Task<(JsonDocument Document, Uri? Next)> JsonAsync(HubPlace place, Uri url, CancellationToken cancellation)
    {
        try
        {
            var (answer, at) = await http.FollowAsync(url, await RequestAsync(HttpMethod.Get, cancellation), cancellation);
            using (answer)
            {
                return answer.IsSuccessStatusCode
                    ? (JsonDocument.Parse(await http.ReadAsync(answer, LongestPage, cancellation)), Next(answer, at))
                    : throw Refused(answer, place);
            }
        }
        catch (UnreachableException away)
        {
            throw new StoreException(StoreErrorKind.Transient, away.Message, away);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Unreadable(error.Message);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri url, CancellationToken cancellation)
    {
        try
        {
            var request = await RequestAsync(method, cancellation);
            return await http.SendAsync(() => request(url), cancellation);
        }
        catch (UnreachableException away)
        {
            throw new StoreException(StoreErrorKind.Transient, away.Message, away);
        }
    }

    /// <summary>The token goes to the Hub, and to nobody that it sends us on to.</summary>
    private async Task<Func<Uri, HttpRequestMessage>> RequestAsync(HttpMethod method, CancellationToken cancellation)
    {
        try
        {
            var token = settings.Token is { } source ? await tokens.ReadAsync(source, "hf.token", cancellation) : null;
            return url =>
            {
                var request = new HttpRequestMessage(method, url);
                request.Headers.AcceptEncoding.Add(new("identity"));
                request.Headers.Authorization = token is not null && Redirects.IsSameServer(url, settings.Endpoint) ? new AuthenticationHeaderValue("Bearer", token) : null;
                return request;
            };
        }
        catch (TokenException missing)
        {
            throw new StoreException(StoreErrorKind.Denied, missing.Message, missing);
        }
    }

    private Uri Url(string path) => new(settings.Endpoint, path);

    private Uri? Next(HttpResponseMessage answer, Uri at) =>
        answer.Headers.TryGetValues("Link", out var links) && links.FirstOrDefault(link => link.Contains("rel=\"next\"", StringComparison.Ordinal)) is { } link
        && link.IndexOf('<', StringComparison.Ordinal) is var from and >= 0 && link.IndexOf('>', from) is var to and > 0
        && Uri.TryCreate(at, link[(from + 1)..to], out var next) && Redirects.IsSameServer(next, settings.Endpoint)
            ? next
            : null;

    private static HubFile? File(JsonElement entry) =>
        entry.TryGetProperty("type", out var type) && type.GetString() == "file" && entry.TryGetProperty("path", out var path) && path.GetString() is { Length: > 0 } name
        && entry.TryGetProperty("size", out var size) && size.TryGetInt64(out var bytes) && bytes >= 0
            ? new(name, bytes, entry.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object)
            : null;

    private StoreException Refused(HttpResponseMessage answer, HubPlace place)
    {
        var code = answer.Headers.TryGetValues("X-Error-Code", out var codes) ? codes.First() : "";
        var page = new Uri(settings.Endpoint, place.Page);
        return (code, (int)answer.StatusCode) switch
        {
            ("GatedRepo", _) or (_, 403) => new(
                StoreErrorKind.Denied, settings.Token is null
                    ? $"hf://{place.Page} is given to those who have accepted its terms: accept them at {page}, and put a token of that account under hf in orchestrator.yaml"
                    : $"hf://{place.Page}: the account of hf.token may not read it; accept its terms at {page}, or give the token read access"),
            ("RevisionNotFound", _) => new(StoreErrorKind.NotFound, $"hf://{place.Page} has no branch, tag or commit \"{place.Revision}\""),
            ("EntryNotFound", _) => new(StoreErrorKind.NotFound, $"hf://{place.Page} has no {(place.Path.Length > 0 ? place.Path : "such file")} at {place.Revision}"),
            (_, 401) when settings.Token is not null => new(StoreErrorKind.Denied, $"{settings.Endpoint.Host} does not take hf.token, or there is no hf://{place.Page}; mend hf.token in orchestrator.yaml"),
            (_, 401) => new(StoreErrorKind.Denied, $"there is no hf://{place.Page} that everybody may read; check its name, or put a token under hf in orchestrator.yaml"),
            (_, 404) => new(StoreErrorKind.NotFound, $"there is no hf://{place.Page}{(place.Path.Length > 0 ? "/" + place.Path : "")} at {place.Revision}"),
            (_, 429) => new(StoreErrorKind.SlowDown, $"{settings.Endpoint.Host} asks for fewer requests (429); a token under hf in orchestrator.yaml raises its limit"),
            _ => new(StoreErrorKind.Transient, $"{settings.Endpoint.Host} answers {(int)answer.StatusCode} for hf://{place.Page}"),
        };
    }

    private StoreException Unreadable(string why) => new(StoreErrorKind.Transient, $"what {settings.Endpoint.Host} answers is not what the Hub says: {why}");
}
