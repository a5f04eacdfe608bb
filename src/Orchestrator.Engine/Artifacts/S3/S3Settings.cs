namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>One bucket and how to speak to its store.</summary>
public sealed record S3Settings
{
    /// <summary>As in the configuration; what messages call the store.</summary>
    public required string Name { get; init; }

    public required string Bucket { get; init; }

    /// <summary>Null = Amazon's own for the region.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Part of every signature.</summary>
    public string Region { get; init; } = "us-east-1";

    public S3Dialect Dialect { get; init; } = S3Dialect.Aws;

    public S3CredentialSource Credentials { get; init; } = new S3CredentialSource.Usual();

    /// <summary>PEM file of the authority that signed the endpoint's certificate; null = those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>Where a person would look for it.</summary>
    public string Where => Endpoint?.ToString().TrimEnd('/') ?? $"Amazon S3 ({Region})";

    internal bool IsHttp => Endpoint is { Scheme: "http" };
}
