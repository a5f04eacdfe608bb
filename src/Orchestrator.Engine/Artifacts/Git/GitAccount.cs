using Orchestrator.Engine.Security;

namespace Orchestrator.Engine.Artifacts.Git;

/// <summary>One of <c>git</c> in the configuration: how to log in to a host of private repositories.</summary>
public sealed record GitAccount
{
    public required string Name { get; init; }

    /// <summary>As URLs name it: <c>github.com</c>, with its port where URLs have one.</summary>
    public required string Host { get; init; }

    /// <summary>Hosts that take tokens take any name beside them, most of them.</summary>
    public string User { get; init; } = "x-access-token";

    /// <summary>For https URLs.</summary>
    public TokenSource? Token { get; init; }

    /// <summary>Private key for ssh URLs; null = the keys of whoever runs the server.</summary>
    public string? KeyFile { get; init; }
}
