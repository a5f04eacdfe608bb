namespace Orchestrator.Server.Api;

/// <summary>What one instance has cost.</summary>
public sealed record CostInstance
{
    public required long Job { get; init; }

    public required int Attempt { get; init; }

    public required string Provider { get; init; }

    /// <summary>The provider's id.</summary>
    public required string Instance { get; init; }

    public string? Host { get; init; }

    /// <summary>Carried the attempt's label beside the one that it owned.</summary>
    public bool Extra { get; init; }

    public required DateTimeOffset From { get; init; }

    /// <summary>Null = it lives.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>In dollars, by our own meter.</summary>
    public required CostParts Cost { get; init; }

    /// <summary>Of that, what the provider will ask for, in dollars.</summary>
    public required decimal Metered { get; init; }

    /// <summary>It is gone, and <see cref="Metered"/> never changes any more.</summary>
    public bool Frozen { get; init; }

    /// <summary>What the provider has published so far, in dollars; null = nothing.</summary>
    public decimal? Charged { get; init; }

    /// <summary>The provider's figure is taken for final.</summary>
    public bool Settled { get; init; }

    /// <summary>Whether both figures differ by more than 2 % and 2 cents.</summary>
    public bool Differs { get; init; }
}
