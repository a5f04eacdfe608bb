namespace Orchestrator.Jobs;

/// <summary>How long the phases of an attempt may take.</summary>
public sealed record TimeoutSpec
{
    /// <summary>Null is auto: by provider.</summary>
    public TimeSpan? Boot { get; init; }

    public TimeSpan Setup { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Null is auto: by size.</summary>
    public TimeSpan? Stage { get; init; }

    /// <summary>Without progress for this long the attempt is stalled.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromMinutes(30);
}
