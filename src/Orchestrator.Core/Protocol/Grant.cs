namespace Orchestrator.Protocol;

/// <summary>Answer to one <see cref="GrantWanted"/>: a URL, or why not.</summary>
public sealed record Grant
{
    public required string Key { get; init; }

    /// <summary>Null when refused, and for the multipart steps that need no URL.</summary>
    public string? Url { get; init; }

    public string? UploadId { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>Sent with the request exactly as given (for a signed If-None-Match, for example).</summary>
    public System.Collections.Immutable.ImmutableSortedDictionary<string, string>? Headers { get; init; }

    /// <summary>Why it was refused; null when granted.</summary>
    public string? Refused { get; init; }

    /// <summary>Refused for good (not this attempt's key, the attempt is not current): do not ask again.</summary>
    public bool Final { get; init; }
}
