namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>What a kind of store can take. Every one of these has stopped somebody's uploads on some store.</summary>
public sealed record S3Dialect
{
    /// <summary>The bucket as first part of the path, not of the host name.</summary>
    public bool PathStyle { get; init; }

    /// <summary>Checksum trailers on every upload; off = only where the protocol asks for one.</summary>
    public bool Checksums { get; init; }

    /// <summary>Uploads in signed chunks (aws-chunked); off = one plain body.</summary>
    public bool Chunked { get; init; }

    /// <summary>The body is part of the signature; off = UNSIGNED-PAYLOAD, over TLS only.</summary>
    public bool SignsPayload { get; init; } = true;

    /// <summary><c>If-None-Match: *</c> is believed to be honoured until the probe knows better.</summary>
    public bool Conditional { get; init; }

    public static S3Dialect Aws { get; } = new() { Checksums = true, Chunked = true, Conditional = true };

    /// <summary>Cloudflare R2 answers 501 to streaming signatures.</summary>
    public static S3Dialect R2 { get; } = new() { PathStyle = true, SignsPayload = false, Conditional = true };

    /// <summary>Backblaze B2 answers 501 to conditional writes.</summary>
    public static S3Dialect B2 { get; } = new() { PathStyle = true };

    /// <summary>Ceph 17 and later.</summary>
    public static S3Dialect Ceph { get; } = new() { PathStyle = true, Checksums = true, Chunked = true, Conditional = true };

    /// <summary>What every store takes.</summary>
    public static S3Dialect Other { get; } = new() { PathStyle = true, Conditional = true };

    public static IReadOnlyList<string> Names { get; } = ["aws", "r2", "b2", "ceph", "other"];

    /// <summary>Null for a name nobody knows.</summary>
    public static S3Dialect? Named(string name) => name switch
    {
        "aws" => Aws,
        "r2" => R2,
        "b2" => B2,
        "ceph" => Ceph,
        "other" => Other,
        _ => null,
    };

    /// <summary>Null for one that the configuration has changed.</summary>
    public static string? NameOf(S3Dialect dialect) => Names.FirstOrDefault(name => Named(name) == dialect);

    /// <summary>What the endpoint's name gives away; a store of unknown make gets what every store takes.</summary>
    public static S3Dialect For(Uri? endpoint) => endpoint?.Host switch
    {
        null => Aws,
        var host when host.EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase) => Aws,
        var host when host.EndsWith(".r2.cloudflarestorage.com", StringComparison.OrdinalIgnoreCase) => R2,
        var host when host.EndsWith(".backblazeb2.com", StringComparison.OrdinalIgnoreCase) => B2,
        _ => Other,
    };
}
