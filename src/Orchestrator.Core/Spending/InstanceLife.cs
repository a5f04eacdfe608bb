using System.Collections.Immutable;

namespace Orchestrator.Spending;

/// <summary>When an instance was what its provider bills by, as we saw it.</summary>
/// <param name="CreatedAt">When the create call was permitted that made it.</param>
/// <param name="RunningAt">Null = it was never seen to run.</param>
/// <param name="GoneAt">When its destroy was accepted, or since when it was not there any more; while it lives, now.</param>
public sealed record InstanceLife(DateTimeOffset CreatedAt, DateTimeOffset? RunningAt, DateTimeOffset GoneAt)
{
    /// <summary>In which its provider said that it bills less: stopped, or its host offline.</summary>
    public ImmutableArray<SparedSpan> Spared { get; init; } = [];
}
