namespace Orchestrator.Simulation.CantBeLate;

/// <summary>What a policy may know at the start of a tick. Nothing of it comes from later ticks.</summary>
/// <param name="Last">What ran in the tick that just ended.</param>
/// <param name="Current">The same, or <see cref="Placement.None"/> where that was just taken away.</param>
/// <param name="Pending">Restart overhead that is not worked off, in seconds.</param>
public readonly record struct TickView(int Tick, double Elapsed, double Done, Placement Last, Placement Current, bool HasSpot, double Pending);
