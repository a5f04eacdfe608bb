namespace Orchestrator.Engine.Artifacts;

/// <param name="Objects">How many.</param>
/// <param name="Bytes">In all of them.</param>
public sealed record ObjectCount(long Objects, long Bytes);
