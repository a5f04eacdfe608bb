using System.Collections.Immutable;

namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>One file behind an https URL, as it was when a job was submitted.</summary>
internal sealed class WebLink(WebObjects web, Uri url, long size) : IForeignLinks
{
    /// <summary>Asked each time: a URL may lead to a signed one that lives for minutes, and what lies there may have changed.</summary>
    public async Task<SignedUrl> LinkAsync(string path, DateTimeOffset expires, string? version, CancellationToken cancellation)
    {
        var now = await web.LookAsync(url, cancellation);
        if (now.Size != size || now.Version != version)
        {
            throw new StoreException(StoreErrorKind.Invalid, $"{WebObjects.Shown(url)} is not what it was when the job was submitted; submit it again to train on what is there now");
        }

        var headers = ImmutableSortedDictionary<string, string>.Empty;
        return new(now.At.AbsoluteUri, expires, now is { IsTag: true, Version: { } tag } ? headers.Add("If-Match", tag) : headers);
    }
}
