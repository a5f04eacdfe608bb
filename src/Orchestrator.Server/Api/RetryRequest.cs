using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>An ended job is submitted again, as a job of its own.</summary>
public sealed record RetryRequest
{
    /// <summary>Number of the checkpoint to begin from, as the list of checkpoints has it; 0 = from the start; null = the newest.</summary>
    public int? FromCheckpoint { get; init; }

    /// <summary><c>path=value</c> overrides, beside those the former job was submitted with.</summary>
    public ImmutableArray<string> Sets { get; init; } = [];
}
