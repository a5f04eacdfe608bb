namespace Orchestrator.Engine.Telemetry;

/// <summary>A job that trains now.</summary>
/// <param name="Job">Its number.</param>
/// <param name="Name">Of the job.</param>
/// <param name="Unsaved">What would be lost with its host: from its newest durable checkpoint to now, or from when this attempt began to train where that was later.</param>
public sealed record JobAtRisk(long Job, string Name, TimeSpan Unsaved);
