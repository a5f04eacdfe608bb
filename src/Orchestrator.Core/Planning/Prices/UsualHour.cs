namespace Orchestrator.Planning.Prices;

/// <summary>What a card cost in one hour of the week, over the weeks.</summary>
/// <param name="At">When that hour begins next, or has begun.</param>
/// <param name="Weeks">In how many weeks it was seen.</param>
/// <param name="Lowest">Median over those of the lowest price per card.</param>
/// <param name="Median">Median over those of the usual offer's price.</param>
public sealed record UsualHour(DateTimeOffset At, int Weeks, Money Lowest, Money Median);
