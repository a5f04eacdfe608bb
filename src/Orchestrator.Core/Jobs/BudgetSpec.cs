using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>What a job may cost.</summary>
public sealed record BudgetSpec
{
    /// <summary>Everything: compute, disk, transfer, the store's egress. Null is allowed where nothing is rented.</summary>
    public Money? MaxTotal { get; init; }

    /// <summary>Per hour including disk.</summary>
    public Money? MaxHourly { get; init; }

    /// <summary>Fractions of <see cref="MaxTotal"/>.</summary>
    public ImmutableArray<decimal> Alerts { get; init; } = [0.5m, 0.8m, 1m];

    public BudgetExhausted OnExhausted { get; init; } = BudgetExhausted.Pause;
}
