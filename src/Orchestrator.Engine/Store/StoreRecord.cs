using Orchestrator.Engine.Artifacts;

namespace Orchestrator.Engine.Store;

/// <param name="Name">Of the store.</param>
/// <param name="Settings">What it was configured as then; with other settings the record says nothing.</param>
/// <param name="ProbedAt">When it was tried.</param>
/// <param name="Result">What was found.</param>
public sealed record StoreRecord(string Name, string Settings, DateTimeOffset ProbedAt, StoreProbeResult Result);
