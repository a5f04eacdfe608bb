namespace Orchestrator.Rehearsals;

/// <summary>How a rehearsal ended. Only <see cref="WeekendReady"/> stamps the spec.</summary>
public enum RehearsalOutcome
{
    /// <summary>It saved twice, lost its host, and went on where it was.</summary>
    WeekendReady,

    /// <summary>It was done before it could be interrupted.</summary>
    TooShort,

    /// <summary>The trainer (or its setup) failed by itself.</summary>
    TrainerFailed,

    /// <summary>After the loss it began at the start, with the checkpoint beside it.</summary>
    StartedAnew,

    /// <summary>It went on at the right step, with a loss that says it has forgotten what it knew.</summary>
    LossJumps,

    /// <summary>It resumed, but reports nothing that shows where.</summary>
    NoProgress,

    /// <summary>The money was spent before it was over.</summary>
    MoneySpent,

    /// <summary>Nothing could be rented within the money, at first or after the loss.</summary>
    NoOffer,

    /// <summary>A person ended it.</summary>
    Stopped,

    /// <summary>Something else ended the job: see the words.</summary>
    Failed,
}
