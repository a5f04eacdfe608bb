namespace Orchestrator.Server.Api;

/// <summary>A job of the report.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Batch">The name of its batch; null = it belongs to none.</param>
/// <param name="Cell">The values of the matrix that it is run with; null = it is of no matrix.</param>
/// <param name="State">At the end of the period, as in the list of jobs; unknown = it cannot be read, or is not kept any more.</param>
/// <param name="Reason">Why, one line.</param>
/// <param name="Rehearsal">It tried another job's spec; it is in the sums and in no count.</param>
/// <param name="Cost">Within the period, in dollars.</param>
/// <param name="Interruptions">Within the period.</param>
public sealed record ReportJob(long Id, string Name, string? Batch, string? Cell, string State, string Reason, bool Rehearsal, CostParts Cost, ReportInterruptions Interruptions);
