using Orchestrator.Engine.Security;

namespace Orchestrator.Engine.Images;

/// <summary>One of <c>registries</c> in the configuration.</summary>
public sealed record RegistryEntry
{
    /// <summary>What <c>registry-auth</c> calls it.</summary>
    public required string Name { get; init; }

    /// <summary>As images name it: <c>ghcr.io</c>, <c>localhost:5000</c>, <c>docker.io</c>.</summary>
    public required string Host { get; init; }

    /// <summary>Null = without a login.</summary>
    public string? User { get; init; }

    public TokenSource? Password { get; init; }

    /// <summary>The login may be given to rented hosts, which pull by themselves.</summary>
    public bool Hosts { get; init; }

    /// <summary>PEM file with the authority that signed the registry's certificate; null = the system's.</summary>
    public string? CaFile { get; init; }
}
