using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Spending;

/// <summary>What the server's limits are and what other jobs take of them, as one tick saw it.</summary>
public sealed record Room
{
    private const int MostNamed = 8;

    public required ServerLimits Limits { get; init; }

    /// <summary>By all other jobs.</summary>
    public required RoomUse Used { get; init; }

    /// <summary>Jobs that have instances, oldest first, some of them.</summary>
    public ImmutableArray<JobId> Users { get; init; } = [];

    public int MoreUsers { get; init; }

    /// <summary>What older jobs wait for: first come, first served, so that a large one does not starve beside small ones.</summary>
    public RoomUse Ahead { get; init; }

    /// <summary>Those that wait, oldest first, some of them.</summary>
    public ImmutableArray<JobId> Waiting { get; init; } = [];

    public int MoreWaiting { get; init; }

    /// <summary>Whose limits these are, as the configuration calls the account; null = the server's, over all.</summary>
    public string? Account { get; init; }

    /// <summary>Where that account rents.</summary>
    public string? Provider { get; init; }

    /// <summary>The same of each account that has limits of its own; jobs stand in line for the server's only.</summary>
    public ImmutableArray<Room> Accounts { get => field.IsDefault ? [] : field; init; } = [];

    /// <param name="limits">In force now.</param>
    /// <param name="others">All that is billed or was within a week, of other jobs.</param>
    /// <param name="ahead">What older jobs wait for.</param>
    public static Room Of(ServerLimits limits, IReadOnlyCollection<Rental> others, IReadOnlyCollection<RoomWanted> ahead)
    {
        var users = others.Where(rental => rental.Use.Instances > 0).Select(rental => rental.Job).Distinct().OrderBy(job => job.Value).ToList();
        var waiting = ahead.Select(one => one.Job).Order(Comparer<JobId>.Create((a, b) => a.Value.CompareTo(b.Value))).ToList();
        return new Room
        {
            Limits = limits,
            Used = RoomUse.Of(others),
            Users = [.. users.Take(MostNamed)],
            MoreUsers = Math.Max(0, users.Count - MostNamed),
            Ahead = ahead.Aggregate(default(RoomUse), (sum, one) => sum + new RoomUse(one.PerHour, Rental.MostInWeek(one.PerHour, one.BudgetLeft), 1)),
            Waiting = [.. waiting.Take(MostNamed)],
            MoreWaiting = Math.Max(0, waiting.Count - MostNamed),
            Accounts = [.. limits.Accounts.Select(account => Of(account.Limits, [.. others.Where(rental => rental.Provider == account.Provider)], []) with { Account = account.Name, Provider = account.Provider })],
        };
    }

    /// <summary>What is left to a job at an instant.</summary>
    public RoomLeft LeftTo(JobState state, DateTimeOffset now) => For([.. Rental.Of(state, now)], state.MostToComeAt(now));

    /// <param name="own">What the job itself takes already, or took within a week.</param>
    /// <param name="budgetLeft">What it may still spend; null = it has no budget.</param>
    public RoomLeft For(IReadOnlyCollection<Rental> own, Money? budgetLeft) => new(this, RoomUse.Of(own), budgetLeft)
    {
        Accounts = Accounts.ToImmutableDictionary(room => room.Provider!, room => room.For([.. own.Where(rental => rental.Provider == room.Provider)], budgetLeft), StringComparer.Ordinal),
    };
}
