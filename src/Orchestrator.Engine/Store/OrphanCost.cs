namespace Orchestrator.Engine.Store;

/// <summary>An instance with our label that no attempt owned, and what it has cost.</summary>
/// <param name="Provider">Where it was.</param>
/// <param name="InstanceId">The provider's id.</param>
/// <param name="Label">Ours.</param>
/// <param name="FirstSeen">By a list; what it has cost before nobody knows.</param>
/// <param name="EndedAt">The first list that lacks it was asked for; null = it lives, or nobody knows.</param>
/// <param name="PerHour">The highest price that a list told; null = none did.</param>
public sealed record OrphanCost(string Provider, string InstanceId, string Label, DateTimeOffset FirstSeen, DateTimeOffset? EndedAt, Money? PerHour)
{
    /// <summary>What is not known to be gone costs on; null = there is no price.</summary>
    public Money? CostAt(DateTimeOffset now) => PerHour?.PerHourFor((EndedAt ?? now) - FirstSeen);
}
