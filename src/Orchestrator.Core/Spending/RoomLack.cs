namespace Orchestrator.Spending;

/// <param name="Limit">The limit that leaves too little: <c>max-hourly</c>, or <c>accounts.vast.limits.max-hourly</c>.</param>
/// <param name="Words">With its numbers, and who has the rest.</param>
public sealed record RoomLack(string Limit, string Words);
