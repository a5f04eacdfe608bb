namespace Orchestrator.Simulation.MultiZone;

/// <param name="Start">First tick of the window.</param>
public sealed record WindowResult(int Start, double Cost, double Paid, bool Missed);
