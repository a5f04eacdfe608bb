namespace Orchestrator.Server.Api;

/// <summary>What instances with our label have cost at one account that no attempt owned; part of no job and of no total.</summary>
/// <param name="Provider">Where they were.</param>
/// <param name="Count">How many.</param>
/// <param name="Live">Of these, not known to be gone.</param>
/// <param name="Cost">In dollars, from when the sweep first saw them; of those whose price the provider told.</param>
/// <param name="WithoutPrice">How many those are of which it told none.</param>
public sealed record CostOrphans(string Provider, int Count, int Live, decimal Cost, int WithoutPrice);
