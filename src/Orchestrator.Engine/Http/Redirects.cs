using System.Net;

namespace Orchestrator.Engine.Http;

/// <summary>Redirects as we follow them: by hand, so that no login goes along, and never from TLS into the clear.</summary>
internal static class Redirects
{
    internal const int Most = 5;

    /// <summary>Where an answer sends us; null when it is no redirect, or one that is not followed.</summary>
    internal static Uri? Of(HttpResponseMessage answer, Uri from)
    {
        if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || answer.Headers.Location is not { } location)
        {
            return null;
        }

        var to = location.IsAbsoluteUri ? location : new Uri(from, location);
        return MayBeAsked(to, from) ? to : null;
    }

    /// <summary>TLS, or this machine where we are on this machine already.</summary>
    internal static bool MayBeAsked(Uri to, Uri from) =>
        to.UserInfo.Length == 0 && (to.Scheme == Uri.UriSchemeHttps || (to.Scheme == Uri.UriSchemeHttp && to.IsLoopback && from.IsLoopback));

    internal static bool IsSameServer(Uri one, Uri other) => one.Scheme == other.Scheme && one.Authority == other.Authority;
}
