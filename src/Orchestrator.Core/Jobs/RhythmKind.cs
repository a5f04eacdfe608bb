namespace Orchestrator.Jobs;

/// <summary>Who decides when a checkpoint is made.</summary>
public enum RhythmKind
{
    /// <summary>The trainer, by itself.</summary>
    Trainer,
    /// <summary>We ask, as often as hazard and cost suggest.</summary>
    Auto,
    /// <summary>We ask at a fixed interval.</summary>
    Fixed,
}
