namespace Orchestrator.Server.Api;

/// <summary>What was rented at one provider.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Cost">Within the period, in dollars.</param>
/// <param name="Hosts">Instances.</param>
/// <param name="NeverBooted">Of these: infrastructure that failed before anything was trained; what they cost is in <see cref="CostParts.NeverBooted"/>.</param>
public sealed record ReportProvider(string Provider, CostParts Cost, int Hosts, int NeverBooted);
