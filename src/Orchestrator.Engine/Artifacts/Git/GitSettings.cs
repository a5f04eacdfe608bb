using System.Collections.Immutable;

namespace Orchestrator.Engine.Artifacts.Git;

/// <summary>How repositories are fetched.</summary>
public sealed record GitSettings
{
    public ImmutableArray<GitAccount> Accounts { get; init; } = [];

    /// <summary>Host keys of ssh servers that were reached before; null = those of whoever runs the server.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>Protocols of repositories and of their submodules. Without <c>file</c>: a submodule must not read this machine's disk.</summary>
    public string Protocols { get; init; } = "https:ssh:git";

    /// <summary>Of one command; whoever submits waits ten minutes.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(8);
}
