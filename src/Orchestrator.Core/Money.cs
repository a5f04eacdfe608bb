using System.Globalization;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>An amount in US dollars, kept as whole micro-dollars so that sums are exact and replay is bit-equal.</summary>
[JsonConverter(typeof(MoneyJsonConverter))]
public readonly record struct Money(long MicroDollars) : IComparable<Money>
{
    public static readonly Money Zero;

    public static Money FromDollars(decimal dollars) => new((long)decimal.Round(dollars * 1_000_000m, MidpointRounding.AwayFromZero));

    public decimal Dollars => MicroDollars / 1_000_000m;

    /// <summary>The cost of paying this amount per hour for <paramref name="time"/>, rounded up: a ledger must never show less than the bill.</summary>
    public Money PerHourFor(TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
        {
            return Zero;
        }

        var exact = (Int128)MicroDollars * time.Ticks;
        return new((long)((exact + TimeSpan.TicksPerHour - 1) / TimeSpan.TicksPerHour));
    }

    /// <summary>The cost of so many bytes at this amount per decimal gigabyte, rounded up.</summary>
    public Money PerGBFor(long bytes) => bytes <= 0 ? Zero : new((long)((((Int128)MicroDollars * bytes) + 999_999_999) / 1_000_000_000));

    public static Money operator +(Money a, Money b) => new(checked(a.MicroDollars + b.MicroDollars));
    public static Money operator -(Money a, Money b) => new(checked(a.MicroDollars - b.MicroDollars));
    public static bool operator <(Money a, Money b) => a.MicroDollars < b.MicroDollars;
    public static bool operator >(Money a, Money b) => a.MicroDollars > b.MicroDollars;
    public static bool operator <=(Money a, Money b) => a.MicroDollars <= b.MicroDollars;
    public static bool operator >=(Money a, Money b) => a.MicroDollars >= b.MicroDollars;
    public static Money Add(Money a, Money b) => a + b;
    public static Money Subtract(Money a, Money b) => a - b;

    public int CompareTo(Money other) => MicroDollars.CompareTo(other.MicroDollars);

    public override string ToString() => "$" + Dollars.ToString("0.00##", CultureInfo.InvariantCulture);
}
