namespace Orchestrator.Providers;

/// <summary>How to reach one machine over SSH.</summary>
public sealed record MachineAddress
{
    /// <summary>The person's name for it: lower-case letters, digits and dashes.</summary>
    public required string Name { get; init; }

    public required string Host { get; init; }

    public int Port { get; init; } = 22;

    public required string User { get; init; }

    /// <summary>Private key file; null = the ssh-agent.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The only host key it may show (<c>SHA256:...</c>); null = the first one seen is remembered.</summary>
    public string? HostKey { get; init; }

    /// <summary>That key was made by us before the machine was rented.</summary>
    public bool IsHostKeyOurs { get; init; }

    /// <summary>A machine to go through; the connection to this one begins there.</summary>
    public MachineAddress? Jump { get; init; }
}
