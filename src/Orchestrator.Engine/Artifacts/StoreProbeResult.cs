namespace Orchestrator.Engine.Artifacts;

/// <summary>What a store was found to be.</summary>
public sealed record StoreProbeResult
{
    /// <summary>What is wrong, and what to do; null when all of it worked.</summary>
    public string? Problem { get; init; }

    public StoreErrorKind? Kind { get; init; }

    /// <summary>Null while it is not known.</summary>
    public StoreTraits? Traits { get; init; }

    /// <summary>How far the store's clock is ahead of ours; null where it does not tell.</summary>
    public TimeSpan? ClockAhead { get; init; }

    /// <summary>Of the smallest question.</summary>
    public TimeSpan Latency { get; init; }

    public bool Works => Problem is null;
}
