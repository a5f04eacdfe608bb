namespace Orchestrator.Engine.Store;

/// <summary>How long ago sweeps were, by whichever server.</summary>
/// <param name="Ran">One that ran to its end; null = none yet.</param>
/// <param name="Complete">One that saw all there is to see.</param>
public sealed record SweepAges(TimeSpan? Ran, TimeSpan? Complete);
