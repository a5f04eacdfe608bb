using Orchestrator.Engine.Artifacts.S3;

namespace Orchestrator.Server.Configuration;

/// <summary>One of <c>stores</c>.</summary>
public sealed record StoreEntry
{
    public required string Name { get; init; }

    /// <summary>Of kind s3; null for a folder.</summary>
    public S3Settings? Bucket { get; init; }

    /// <summary>Of kind folder: its path.</summary>
    public string? Folder { get; init; }

    /// <summary>Empty, or with a trailing slash.</summary>
    public string Prefix { get; init; } = "";

    public Money EgressPerGb { get; init; }

    /// <summary>Jobs that name no store keep their things here.</summary>
    public bool IsDefault { get; init; }
}
