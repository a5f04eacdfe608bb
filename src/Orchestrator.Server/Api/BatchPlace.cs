namespace Orchestrator.Server.Api;

/// <summary>Which job of which batch it is.</summary>
/// <param name="Id">The batch's: a name may come again.</param>
/// <param name="Name">The batch's.</param>
/// <param name="Number">From 1.</param>
/// <param name="Cell">The values of the matrix that it is run with, <c>lr=3e-3,wd=0.3</c>; null = it is of no matrix.</param>
/// <param name="Budget">Dollars that the jobs of the batch may cost together; null = they share none.</param>
public sealed record BatchPlace(long Id, string Name, int Number, string? Cell, decimal? Budget);
