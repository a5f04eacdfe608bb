using System.Globalization;

namespace Orchestrator.Spending;

/// <summary>When an account's money ends, by what runs there and by what that still needs.</summary>
public sealed record AccountForecast
{
    private readonly IReadOnlyCollection<AccountNeed> _needs;

    private AccountForecast(Money left, IReadOnlyCollection<AccountNeed> needs)
    {
        (Left, _needs) = (left, needs);
        PerHour = Sum(needs.Select(need => need.PerHour));
        Needed = Sum(needs.Where(need => need.Rest is not null).Select(need => need.Once > need.Total ? need.Once : need.Total!.Value));
        Unknown = needs.Count(need => need.Rest is null);
        EndsAfter = End();
    }

    /// <summary>What can be spent now; may be below zero.</summary>
    public Money Left { get; }

    /// <summary>Of all that runs.</summary>
    public Money PerHour { get; }

    /// <summary>Until those are done of whom it is known.</summary>
    public Money Needed { get; }

    /// <summary>Rentals of which nobody knows how long they go on.</summary>
    public int Unknown { get; }

    /// <summary>Until the money ends; null = what runs is done, or has spent its budget, before.</summary>
    public TimeSpan? EndsAfter { get; }

    public int Rentals => _needs.Count;

    /// <param name="left">What can be spent now.</param>
    /// <param name="needs">All that lives there.</param>
    public static AccountForecast Of(Money left, IReadOnlyCollection<AccountNeed> needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        return new(left, needs);
    }

    /// <summary>What is to be added so that it lasts for so long, and for those to finish of whom it is known; zero = nothing.</summary>
    public Money Lack(TimeSpan time)
    {
        var within = In(_needs, time);
        var most = within > Needed ? within : Needed;
        return most > Left ? most - Left : Money.Zero;
    }

    /// <summary>
    /// What is to be added before one more may begin, so that it takes nothing from those that run: they are stopped when the money ends.
    /// </summary>
    /// <param name="added">The one more.</param>
    /// <param name="reserve">How long all of them must be paid for in any case.</param>
    /// <returns>Null = it may begin.</returns>
    public AccountLack? OfOneMore(AccountNeed added, TimeSpan reserve)
    {
        ArgumentNullException.ThrowIfNull(added);
        AccountNeed[] all = [.. _needs, added];
        if (In(all, reserve) is var soon && soon > Left)
        {
            return new(soon - Left, reserve, null);
        }

        // Where they would not finish anyhow, it is not this one's doing, and a person is told already.
        if (_needs.Where(need => need.Rest is not null).Max(need => need.Lasts) is not { } last)
        {
            return null;
        }

        var (running, together) = (In(_needs, last), In(all, last));
        return running <= Left && together > Left ? new(together - Left, last, running) : null;
    }

    /// <summary>What runs and what it needs: <c>2 rentals cost $1.85/h and need $31.00 to finish</c>.</summary>
    public string Words
    {
        get
        {
            if (PerHour <= Money.Zero)
            {
                return "nothing of ours costs anything there";
            }

            var cost = string.Create(CultureInfo.InvariantCulture, $"{Rentals} rental{(Rentals == 1 ? " costs" : "s cost")} ${PerHour.Dollars:0.00}/h");
            var needed = string.Create(CultureInfo.InvariantCulture, $" and need{(Rentals - Unknown == 1 ? "s" : "")} ${Needed.Dollars:0.00} to finish");
            return Unknown == 0 ? cost + needed
                : Unknown == Rentals ? cost + ", for nobody knows how long (no estimate)"
                : string.Create(CultureInfo.InvariantCulture, $"{cost}, and {Rentals - Unknown} of them need{(Rentals - Unknown == 1 ? "s" : "")} ${Needed.Dollars:0.00} to finish (the others have no estimate)");
        }
    }

    /// <summary>How long the money lasts; empty where nothing costs anything.</summary>
    public string LastsWords => EndsAfter is { } time ? string.Create(CultureInfo.InvariantCulture, $"it ends in {time.TotalHours:0.#} h")
        : PerHour > Money.Zero ? "it lasts until they are done or have spent their budgets"
        : "";

    private static Money In(IEnumerable<AccountNeed> needs, TimeSpan time) => Sum(needs.Select(need => need.In(time)));

    private static Money Sum(IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, (sum, one) => sum + one);

    /// <summary>From one end of a rental to the next, at the rate of those that are still there.</summary>
    private TimeSpan? End()
    {
        var once = Sum(_needs.Select(need => need.Once));
        if (PerHour <= Money.Zero && once <= Money.Zero)
        {
            return null;
        }

        // In micro-dollars times ticks, so that nothing is rounded on the way.
        var money = (Int128)(Left - once).MicroDollars * TimeSpan.TicksPerHour;
        var (at, rate) = (0L, (Int128)PerHour.MicroDollars);
        foreach (var need in _needs.Where(need => need.Lasts is not null).OrderBy(need => need.Lasts))
        {
            var span = need.Lasts!.Value.Ticks - at;
            if (rate * span > money)
            {
                break;
            }

            (money, at, rate) = (money - (rate * span), need.Lasts.Value.Ticks, rate - need.PerHour.MicroDollars);
        }

        return money < 0 ? TimeSpan.Zero
            : rate <= 0 ? null
            : new TimeSpan((long)Int128.Min(at + (money / rate), TimeSpan.MaxValue.Ticks));
    }
}
