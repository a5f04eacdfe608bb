namespace Orchestrator.Engine.Store.Views;

/// <summary>Which job of which batch it is.</summary>
/// <param name="Id">The batch's.</param>
/// <param name="Name">The batch's.</param>
/// <param name="Number">From 1.</param>
/// <param name="Cell">The values of the matrix that it is run with, <c>lr=3e-3,wd=0.3</c>; null = it is of no matrix.</param>
/// <param name="Budget">What the batch's jobs may cost together; null = each has its own budget, or none.</param>
public sealed record BatchPart(long Id, string Name, int Number, string? Cell, Money? Budget);
