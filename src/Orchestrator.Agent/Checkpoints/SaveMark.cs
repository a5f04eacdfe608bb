namespace Orchestrator.Agent.Checkpoints;

/// <summary>How things stood when a checkpoint was asked for.</summary>
/// <param name="Stored">Checkpoints stored until then.</param>
/// <param name="Present">Fingerprints of what lay there.</param>
internal sealed record SaveMark(long Stored, IReadOnlySet<string> Present);
