namespace Orchestrator.Simulation.MultiZone;

/// <param name="Published">Without the last tick of the run, which the published figures leave out.</param>
/// <param name="Paid">With it.</param>
public readonly record struct ZoneResult(double Published, double Paid, bool Missed);
