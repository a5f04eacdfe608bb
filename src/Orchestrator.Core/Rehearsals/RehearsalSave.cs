using Orchestrator.Checkpoints;

namespace Orchestrator.Rehearsals;

/// <summary>A checkpoint that was durable while the rehearsal looked; the job itself forgets those it no longer keeps.</summary>
/// <param name="Attempt">Who wrote it.</param>
/// <param name="Ordinal">Its number there.</param>
/// <param name="Step">Null where its name says none.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="At">Up to when it holds the work; null = not known.</param>
/// <param name="Upload">How long it took to send; null = not known.</param>
public sealed record RehearsalSave(int Attempt, int Ordinal, long? Step, long Bytes, DateTimeOffset? At, TimeSpan? Upload)
{
    public static RehearsalSave Of(CheckpointRef checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return new(checkpoint.Attempt, checkpoint.Ordinal, checkpoint.Step, checkpoint.Bytes, checkpoint.TakenAt, checkpoint.Upload);
    }
}
