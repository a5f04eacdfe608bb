namespace Orchestrator.Server.Api;

/// <summary>Where money went, in dollars; the five parts add up to the total. By our own meter, of what began and lives as well.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Compute">Cards, but for what is lost work.</param>
/// <param name="Disk">Disks.</param>
/// <param name="Moves">Gigabytes in and out, at the hosts' prices and at the stores'.</param>
/// <param name="LostWork">Compute between the last checkpoint in the store and an interruption.</param>
/// <param name="NeverBooted">Everything of instances whose infrastructure failed before anything was trained there.</param>
public sealed record CostParts(decimal Total, decimal Compute, decimal Disk, decimal Moves, decimal LostWork, decimal NeverBooted);
