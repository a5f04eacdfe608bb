namespace Orchestrator.Spending;

/// <summary>A job could begin but for the server's limits.</summary>
/// <param name="PricePerHour">Compute and disk of the cheapest offer with which it would.</param>
/// <param name="Limit">The one that lacks: <c>max-hourly</c>, or <c>accounts.vast.limits.max-hourly</c>.</param>
/// <param name="SaidAt">When the reason was last put into words; its numbers change with every other job.</param>
public sealed record RoomWait(Money PricePerHour, string Limit, DateTimeOffset SaidAt)
{
    /// <summary>How the limits of single accounts begin. Nobody stands in line for these: room elsewhere is of no use to who waits for one.</summary>
    public const string OfAccounts = "accounts.";
}
