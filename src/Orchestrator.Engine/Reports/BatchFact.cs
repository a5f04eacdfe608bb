namespace Orchestrator.Engine.Reports;

/// <summary>What a batch was submitted with.</summary>
/// <param name="Id">The batch's.</param>
/// <param name="Name">The batch's.</param>
/// <param name="Budget">What its jobs may cost together; null = they share none.</param>
/// <param name="Canary">How many of its jobs had to prove themselves first.</param>
public sealed record BatchFact(long Id, string Name, Money? Budget, int Canary);
