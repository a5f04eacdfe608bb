namespace Orchestrator.Jobs;

/// <summary>Log-in for a container registry: a profile of the server's configuration, or a user name and a secret's name.</summary>
public sealed record RegistryAuth
{
    /// <summary>Name of a registry profile; null when <see cref="Username"/> is set.</summary>
    public string? Profile { get; init; }

    public string? Username { get; init; }

    /// <summary>Name of the stored secret that holds the password.</summary>
    public string? PasswordSecret { get; init; }
}
