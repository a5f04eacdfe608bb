namespace Orchestrator.Spending;

/// <summary>What rentals take of the limits.</summary>
/// <param name="PerHour">Of all that is billed now, compute and disk.</param>
/// <param name="Week">The most that seven days which reach back to now can cost: what the last seven did, and what live ones may still add.</param>
/// <param name="Instances">Billed now.</param>
public readonly record struct RoomUse(Money PerHour, Money Week, int Instances)
{
    public static RoomUse operator +(RoomUse a, RoomUse b) => new(a.PerHour + b.PerHour, a.Week + b.Week, a.Instances + b.Instances);

    public static RoomUse Add(RoomUse a, RoomUse b) => a + b;

    public static RoomUse Of(IEnumerable<Rental> rentals) => rentals.Aggregate(default(RoomUse), (sum, rental) => sum + rental.Use);
}
