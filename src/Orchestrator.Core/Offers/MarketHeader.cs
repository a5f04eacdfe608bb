namespace Orchestrator.Offers;

/// <summary>First line of a market file.</summary>
public sealed record MarketHeader
{
    /// <summary>Version that this release writes and the only one it reads.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    /// <summary>Where the offers come from, for a person: <c>generated</c>, <c>recorded from vast, runpod</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Of a generated market.</summary>
    public long? Seed { get; init; }

    /// <summary>When it was written or, of a generated market, the first instant it shows.</summary>
    public DateTimeOffset? At { get; init; }
}
