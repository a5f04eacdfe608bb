using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>What happens when the user's own command fails.</summary>
public sealed record FailurePolicy
{
    /// <summary>How often it is started again.</summary>
    public int Restarts { get; init; }

    /// <summary>Exit codes that are worth a restart; empty means every failure counts.</summary>
    public ImmutableArray<int> RestartOn { get; init; } = [];

    /// <summary>How long the instance is kept for a look.</summary>
    public TimeSpan KeepHost { get; init; } = TimeSpan.Zero;

    /// <summary>Most that keeping it may cost; null = what the budget has left.</summary>
    public Money? KeepHostCost { get; init; }

    public ImmutableArray<LogRule> LogRules { get; init; } = [];
}
