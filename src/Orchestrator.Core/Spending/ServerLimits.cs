using System.Collections.Immutable;

namespace Orchestrator.Spending;

/// <summary><c>limits</c> of <c>orchestrator.yaml</c>, over all jobs of an installation. They hold new rentals back and end nothing that runs.</summary>
public sealed record ServerLimits
{
    /// <summary>Most that all live instances may cost per hour together, disk included; null = no limit.</summary>
    public Money? MaxHourly { get; init; }

    /// <summary>Most that any seven days in a row may cost; null = no limit. Data in and out counts from when it is moved: what runs is never ended for it.</summary>
    public Money? MaxWeekly { get; init; }

    /// <summary>Most live instances, those of own machines included; null = no limit.</summary>
    public int? MaxInstances { get; init; }

    /// <summary>Those of single accounts, which hold as well. Ticks recorded by older releases have none.</summary>
    public ImmutableArray<AccountLimits> Accounts { get => field.IsDefault ? [] : field; init; } = [];

    public bool Any => MaxHourly is not null || MaxWeekly is not null || MaxInstances is not null || !Accounts.IsEmpty;

    /// <summary>Whether it matters what the last seven days have cost.</summary>
    public bool LooksBack => MaxWeekly is not null || Accounts.Any(account => account.Limits.LooksBack);
}
