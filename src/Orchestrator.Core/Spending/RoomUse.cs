namespace Orchestrator.Spending;

/// <summary>What rentals take of the limits.</summary>
/// <param name="PerHour">Of all that is billed now.</param>
/// <param name="Week">The most that seven days which reach back to now can cost: what the last seven did, and what live ones may still add.</param>
/// <param name="Instances">Billed now.</param>
public readonly record struct RoomUse(Money PerHour, Money Week, int Instances)
{
    public static RoomUse operator +(RoomUse a, RoomUse b) => new(a.PerHour + b.PerHour, a.Week + b.Week, a.Instances + b.Instances);

    public static RoomUse Add(RoomUse a, RoomUse b) => a + b;

    public static RoomUse Of(IEnumerable<Rental> rentals, DateTimeOffset now)
    {
        var sum = default(RoomUse);
        foreach (var rental in rentals)
        {
            var perHour = new Money(rental.PricePerHour.MicroDollars * rental.Instances);
            sum += new RoomUse(perHour, InWeek(rental, perHour, now), rental.Instances);
        }

        return sum;
    }

    /// <summary>
    /// A week that ends later holds less of the past: whatever it holds, a rental costs no more in it than a week at its price, and no
    /// more than what it did in the last seven days with all that its job may still spend.
    /// </summary>
    private static Money InWeek(Rental rental, Money perHour, DateTimeOffset now)
    {
        var past = rental.CostSince(now - Rental.Week, now);
        if (rental.Instances == 0)
        {
            return past;
        }

        var week = new Money(rental.PricePerHour.PerHourFor(Rental.Week).MicroDollars * (1 + rental.Extras));
        var most = past + Rental.MostInWeek(perHour, rental.BudgetLeft);
        return most < week ? most : week;
    }
}
