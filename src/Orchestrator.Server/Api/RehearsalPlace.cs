namespace Orchestrator.Server.Api;

/// <summary>Where an attempt of a rehearsal ran.</summary>
/// <param name="Attempt">Its number.</param>
/// <param name="Where">Host and cards, in words.</param>
/// <param name="Step">Where it was killed, or went on; null = it has no steps.</param>
public sealed record RehearsalPlace(int Attempt, string Where, long? Step);
