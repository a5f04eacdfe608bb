namespace Orchestrator.Server.Api;

/// <summary>The newest checkpoint that is verified in the store.</summary>
/// <param name="Step">Where progress was known.</param>
/// <param name="Entry">Its name in the checkpoint folder.</param>
/// <param name="At">When it was committed.</param>
/// <param name="Bytes">Size of all its files.</param>
public sealed record CheckpointAtStep(long? Step, string Entry, DateTimeOffset At, long Bytes);
