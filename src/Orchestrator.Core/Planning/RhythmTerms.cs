using Orchestrator.Jobs;

namespace Orchestrator.Planning;

/// <summary>What decides how often checkpoints are made.</summary>
public sealed record RhythmTerms
{
    /// <summary>False = an interruption costs everything.</summary>
    public bool HasCheckpoints { get; init; } = true;

    public CheckpointRhythm Every { get; init; } = CheckpointRhythm.Trainer;

    /// <summary>The rhythm that was observed on this job; it stands for the trainer's own.</summary>
    public TimeSpan? Known { get; init; }

    /// <summary>What the spec says, or else was observed; null = the plan decides, or nobody knows.</summary>
    public TimeSpan? Written => Every.Kind switch
    {
        RhythmKind.Fixed => Every.Interval ?? Known,
        RhythmKind.Trainer => Known,
        RhythmKind.Auto => null,
    };

    /// <summary>How long the trainer stands still for one, where that was measured.</summary>
    public TimeSpan? Blocking { get; init; }

    /// <summary>The plan's own rhythm is never shorter.</summary>
    public TimeSpan Shortest { get; init; } = TimeSpan.FromMinutes(Forecasting.Priors.ShortestRhythmMinutes);

    /// <summary>How many are kept on the disk and in the store.</summary>
    public int Keep { get; init; } = 3;
}
