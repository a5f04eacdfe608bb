namespace Orchestrator.Simulation.Worlds;

/// <param name="Every">Training time between two checkpoints.</param>
/// <param name="Blocking">How long the trainer stands still for one.</param>
internal readonly record struct SaveRhythm(TimeSpan Every, TimeSpan Blocking);
