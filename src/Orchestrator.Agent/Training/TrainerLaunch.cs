using System.Collections.Immutable;

namespace Orchestrator.Agent.Training;

/// <summary>What the wrapper is told through its stdin: with the secrets in it, so it never touches a disk.</summary>
internal sealed record TrainerLaunch
{
    /// <summary>Key of the command that asked for the start.</summary>
    public required string Key { get; init; }

    public required string Root { get; init; }

    public ImmutableArray<string>? Setup { get; init; }

    public required TimeSpan SetupTimeout { get; init; }

    public required ImmutableArray<string> Command { get; init; }

    public required string WorkingDir { get; init; }

    /// <summary>The whole environment, nothing is added.</summary>
    public required ImmutableSortedDictionary<string, string> Environment { get; init; }
}
