namespace Orchestrator.Server.Api;

/// <summary>One kind of card, rented in one way. Dollars are per card and hour; without a GPU, per machine.</summary>
public sealed record MarketCard
{
    /// <summary>Null = offers without a GPU.</summary>
    public required string? Gpu { get; init; }

    public required string Capacity { get; init; }

    public required int Offers { get; init; }

    public required decimal Lowest { get; init; }

    public required decimal Median { get; init; }

    /// <summary>Who has the lowest.</summary>
    public required string Provider { get; init; }

    /// <summary>Median of the lowest prices of past hours, of this hour of the week where enough weeks were seen; null = not known long enough.</summary>
    public decimal? UsualLowest { get; init; }

    public decimal? UsualMedian { get; init; }

    /// <summary>Usual is meant for this hour of the week.</summary>
    public bool IsUsualOfThisHour { get; init; }

    /// <summary>When the hour of the week begins next in which it is usually cheapest; null = too few weeks were seen.</summary>
    public DateTimeOffset? CheapestAt { get; init; }

    /// <summary>The usual lowest price then.</summary>
    public decimal? CheapestUsual { get; init; }

    /// <summary>How many past hours it was seen in.</summary>
    public int HoursSeen { get; init; }
}
