namespace Orchestrator.Drills.Kit;

/// <summary>A line of the trainer's ledger.</summary>
/// <param name="Kind">start, end, mixed, or words.</param>
/// <param name="Step">The step it is at.</param>
/// <param name="Attempt">Its attempt's number.</param>
/// <param name="At">Unix time in seconds.</param>
public sealed record LedgerLine(string Kind, int Step, int Attempt, double At);
