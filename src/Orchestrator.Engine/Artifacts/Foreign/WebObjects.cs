using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Orchestrator.Engine.Http;

namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>Finds out what a URL leads to without reading it. Throws <see cref="StoreException"/>.</summary>
internal sealed class WebObjects(PatientClient http)
{
    internal async Task<WebObject> LookAsync(Uri url, CancellationToken cancellation)
    {
        try
        {
            var (answer, at) = await http.FollowAsync(url, to => Request(HttpMethod.Head, to), cancellation);
            if (answer.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented or HttpStatusCode.Forbidden)
            {
                // Signed URLs are often good for GET alone: one byte of it tells as much.
                answer.Dispose();
                (answer, at) = await http.FollowAsync(url, FirstByte, cancellation);
            }

            using (answer)
            {
                return answer.IsSuccessStatusCode ? Read(answer, at) : throw Refused(answer.StatusCode, url);
            }
        }
        catch (UnreachableException away)
        {
            throw new StoreException(StoreErrorKind.Transient, $"{Shown(url)}: {away.Message}", away);
        }
    }

    /// <summary>Without its query, which may be a signature.</summary>
    internal static string Shown(Uri url) => url.GetLeftPart(UriPartial.Path);

    private static HttpRequestMessage Request(HttpMethod method, Uri at)
    {
        var request = new HttpRequestMessage(method, at);
        // Else the size would be that of a packed form.
        request.Headers.AcceptEncoding.Add(new("identity"));
        return request;
    }

    private static HttpRequestMessage FirstByte(Uri at)
    {
        var request = Request(HttpMethod.Get, at);
        request.Headers.Range = new(0, 0);
        return request;
    }

    private static WebObject Read(HttpResponseMessage answer, Uri at)
    {
        var size = answer.StatusCode == HttpStatusCode.PartialContent ? answer.Content.Headers.ContentRange?.Length : answer.Content.Headers.ContentLength;
        if (answer.Content.Headers.ContentEncoding.Count > 0)
        {
            size = null;
        }

        return answer.Headers.ETag is EntityTagHeaderValue { IsWeak: false } tag
            ? new(at, size, tag.ToString(), true)
            : new(at, size, answer.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture), false);
    }

    private static StoreException Refused(HttpStatusCode status, Uri url) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => new(StoreErrorKind.NotFound, $"there is nothing at {Shown(url)} ({(int)status})"),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
            StoreErrorKind.Denied, $"{Shown(url)} is not given to strangers ({(int)status}); only public and signed URLs can be read, bring others as a folder or from a bucket"),
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new(StoreErrorKind.Denied, $"{Shown(url)} leads on to where we do not follow: over plain http, or in a circle"),
        _ => new(StoreErrorKind.Transient, $"{Shown(url)} answers {(int)status}"),
    };
}
