namespace Orchestrator.Simulation.CantBeLate;

public readonly record struct RunResult(double Cost, bool Missed);
