using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Jobs;

namespace Orchestrator.Spending;

/// <summary>What the limits leave to one job. An offer fits by its price per hour alone, disk included, so that one number is the line between those that do and those that do not.</summary>
/// <param name="Room">What other jobs take.</param>
/// <param name="Own">What the job itself takes already.</param>
/// <param name="BudgetLeft">What it may still spend; null = it has no budget.</param>
public sealed record RoomLeft(Room Room, RoomUse Own, Money? BudgetLeft)
{
    private const long HoursInWeek = 7 * 24;
    private static readonly Money _none = new(-1);
    private static readonly Money _any = new(long.MaxValue);

    private ServerLimits Limits => Room.Limits;

    /// <summary>By provider: what the limits of its account leave, where it has any.</summary>
    public ImmutableDictionary<string, RoomLeft> Accounts { get; init; } = ImmutableDictionary<string, RoomLeft>.Empty;

    /// <summary>Highest price per hour that fits; below zero = nothing does, be it for free.</summary>
    public Money MostPerHour => Most(Room.Used + Own + Room.Ahead);

    public bool Fits(Money perHour) => perHour <= MostPerHour;

    /// <summary>With the limits of the account that rents there; an offer fits by the lesser of both.</summary>
    public Money MostPerHourAt(string provider) => Accounts.GetValueOrDefault(provider)?.MostPerHour is { } most && most < MostPerHour ? most : MostPerHour;

    public bool FitsAt(string provider, Money perHour) => perHour <= MostPerHourAt(provider);

    public bool FitsAloneAt(string provider, Money perHour) => FitsAlone(perHour) && Accounts.GetValueOrDefault(provider)?.FitsAlone(perHour) != false;

    /// <summary>The first limit that leaves too little, the server's first; null = it fits.</summary>
    public RoomLack? LackAt(string provider, Money perHour) => Lack(perHour) ?? Accounts.GetValueOrDefault(provider)?.Lack(perHour);

    /// <summary>Why it would not fit even if nothing else ran.</summary>
    public string LackAloneAt(string provider, Money perHour) =>
        FitsAlone(perHour) && Accounts.GetValueOrDefault(provider) is { } account ? account.LackAlone(perHour) : LackAlone(perHour);

    /// <summary>Whether it would fit if nothing else ran: else it is not worth waiting for.</summary>
    public bool FitsAlone(Money perHour) => perHour <= Most(default);

    /// <summary>The first limit that leaves too little; null = it fits.</summary>
    public RoomLack? Lack(Money perHour)
    {
        var used = Room.Used + Own;
        var all = used + Room.Ahead;
        var week = Rental.MostInWeek(perHour, BudgetLeft);
        return Limits.MaxInstances is { } most && all.Instances >= most
                ? new(Key("max-instances"), string.Create(CultureInfo.InvariantCulture, $"{Whose} max-instances {most}: {used.Instances} in use{Users()}{Waiting()}"))
            : perHour > OfHour(all)
                ? new(Key("max-hourly"), $"{Whose} max-hourly {Limits.MaxHourly}/h: {used.PerHour}/h in use{Users()}{Waiting()}; {perHour}/h needed")
            : perHour > OfWeek(all)
                ? new(Key("max-weekly"), $"{Whose} max-weekly {Limits.MaxWeekly}: {Cents(used.Week)} spent in seven days or still to come{Users()}{Waiting()}; up to {Cents(week)} needed ({Why(week)})")
            : null;
    }

    /// <summary>Why it would not fit even if nothing else ran.</summary>
    public string LackAlone(Money perHour)
    {
        var week = Rental.MostInWeek(perHour, BudgetLeft);
        return Limits.MaxInstances is { } most && most < 1 ? $"{Whose} max-instances 0: nothing is rented"
            : perHour > OfHour(default) ? $"{Whose} max-hourly {Limits.MaxHourly}/h: the cheapest offer costs {perHour}/h"
            : $"{Whose} max-weekly {Limits.MaxWeekly}: up to {Cents(week)} needed ({Why(week)}); a lower budget would fit";
    }

    private string Whose => Room.Account is { } name ? $"account {name}, limit" : "server limit";

    private string Key(string limit) => Room.Account is { } name ? $"{RoomWait.OfAccounts}{name}.limits.{limit}" : limit;

    private Money Most(RoomUse used)
    {
        if (Limits.MaxInstances is { } most && used.Instances >= most)
        {
            return _none;
        }

        var (hour, week) = (OfHour(used), OfWeek(used));
        return hour < week ? hour : week;
    }

    /// <summary>What is free always fits.</summary>
    private Money OfHour(RoomUse used) => Limits.MaxHourly is { } most ? Rest(most, used.PerHour) : _any;

    private Money OfWeek(RoomUse used)
    {
        if (Limits.MaxWeekly is not { } most)
        {
            return _any;
        }

        var rest = Rest(most, used.Week);
        return BudgetLeft <= rest ? _any : new Money(rest.MicroDollars / HoursInWeek);
    }

    private static Money Rest(Money most, Money used) => used < most ? most - used : Money.Zero;

    private string Why(Money week) => week == BudgetLeft ? "what is left of its budget" : "a week at its price";

    private string Users() => Room.Users.IsEmpty && Own.Instances == 0 ? ""
        : " by " + string.Join(" and ", new[] { Names(Room.Users, Room.MoreUsers), Own.Instances > 0 ? "an attempt of its own that has not ended" : "" }.Where(words => words.Length > 0));

    private string Waiting() => Room.Waiting.IsEmpty ? "" : $", and {Names(Room.Waiting, Room.MoreWaiting)} came first";

    private static string Names(ImmutableArray<JobId> jobs, int more) =>
        jobs.IsEmpty ? "" : string.Join(", ", jobs) + (more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} more") : "");

    private static string Cents(Money amount) => string.Create(CultureInfo.InvariantCulture, $"${amount.Dollars:0.00}");
}
