namespace Orchestrator.Checkpoints;

/// <summary>Oldest first: by attempt, then ordinal. A later attempt resumed from an earlier one's, so its checkpoints are newer work.</summary>
public sealed class CheckpointAge : IComparer<CheckpointRef>
{
    public static readonly CheckpointAge Instance = new();

    public int Compare(CheckpointRef? x, CheckpointRef? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var byAttempt = x.Attempt.CompareTo(y.Attempt);
        return byAttempt != 0 ? byAttempt : x.Ordinal.CompareTo(y.Ordinal);
    }
}
