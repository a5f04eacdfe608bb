namespace Orchestrator.Engine.Artifacts;

/// <summary>How far grants go.</summary>
public sealed record GrantLimits
{
    /// <summary>How long a URL works.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long one works that is kept for our absence: six hours and what may have passed of it when we leave.</summary>
    public TimeSpan AheadLifetime { get; init; } = TimeSpan.FromHours(7);

    /// <summary>Grants answered per request; the rest may be asked for again.</summary>
    public int PerRequest { get; init; } = 256;

    /// <summary>Bytes of one PUT.</summary>
    public long MaxBytes { get; init; } = 5L << 40;

    public int MaxParts { get; init; } = 10_000;
}
