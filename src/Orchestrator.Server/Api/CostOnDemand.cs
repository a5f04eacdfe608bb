namespace Orchestrator.Server.Api;

/// <summary>What the same hours, disks and gigabytes would have cost on demand, by the prices that were known when each was chosen. In dollars.</summary>
/// <param name="Cost">Of the instances whose price on demand was known.</param>
/// <param name="Instead">What the same instances have cost.</param>
/// <param name="Unknown">Instances of which no such price was known.</param>
public sealed record CostOnDemand(decimal Cost, decimal Instead, int Unknown);
