using System.Collections.Immutable;
using Orchestrator.Engine.Specs;

namespace Orchestrator.Engine.Submitting;

/// <summary>An ended job is to be submitted again.</summary>
public sealed record RetryRequest
{
    /// <summary>Who asked: the new job is theirs.</summary>
    public required string By { get; init; }

    /// <summary>Number of the checkpoint to begin from, as <c>checkpoints</c> counts them; 0 = from the start; null = the newest.</summary>
    public int? FromCheckpoint { get; init; }

    /// <summary>Overrides beside those of the former job, <c>path=value</c>; they win.</summary>
    public ImmutableArray<string> Sets { get; init; } = [];

    /// <summary>The server's default values of job fields.</summary>
    public ImmutableArray<SpecSetting> Defaults { get; init; } = [];
}
