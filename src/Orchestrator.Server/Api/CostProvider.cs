namespace Orchestrator.Server.Api;

/// <summary>What one provider's instances have cost: our figure, and theirs.</summary>
public sealed record CostProvider
{
    public required string Provider { get; init; }

    /// <summary>By our own meter, in dollars, without what stores charge.</summary>
    public required decimal Metered { get; init; }

    /// <summary>What it has published so far, in dollars; null = it publishes nothing, or nothing yet.</summary>
    public decimal? Charged { get; init; }

    /// <summary>How far both figures are apart over the instances that are gone and published: 0.02 = two percent. Null = there are none.</summary>
    public decimal? Apart { get; init; }

    /// <summary>Whether they differ by more than 2 % and 2 cents.</summary>
    public bool Differs { get; init; }

    /// <summary>Instances whose published figure may still change, or that it has not published.</summary>
    public int Open { get; init; }
}
