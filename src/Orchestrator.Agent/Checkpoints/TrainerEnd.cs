namespace Orchestrator.Agent.Checkpoints;

/// <param name="Orderly">It ended by itself, so that what it wrote last it meant to write.</param>
/// <param name="At">Nanoseconds since 1970.</param>
internal sealed record TrainerEnd(bool Orderly, long At);
