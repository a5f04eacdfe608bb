namespace Orchestrator.Engine.Reports;

/// <summary>The checkpoints that an attempt brought into the store.</summary>
/// <param name="Count">How many.</param>
/// <param name="LastAt">When the newest of them was there.</param>
public sealed record SavedFact(int Count, DateTimeOffset LastAt);
