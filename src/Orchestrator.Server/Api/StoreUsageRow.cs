namespace Orchestrator.Server.Api;

/// <param name="Store">A store, or a place in one that jobs use.</param>
/// <param name="Job">Folder of the job; null = code and data that jobs share.</param>
/// <param name="Objects">How many.</param>
/// <param name="Bytes">In all of them.</param>
public sealed record StoreUsageRow(string Store, string? Job, long Objects, long Bytes);
