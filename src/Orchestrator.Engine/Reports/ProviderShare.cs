namespace Orchestrator.Engine.Reports;

/// <summary>What was rented at one provider within the period.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Spent">All of it.</param>
/// <param name="Hosts">Instances.</param>
/// <param name="NeverBooted">Of these: infrastructure that failed before anything was trained.</param>
public sealed record ProviderShare(string Provider, Spend Spent, int Hosts, int NeverBooted);
