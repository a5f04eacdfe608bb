using System.Text.Json.Serialization;

namespace Orchestrator.Attempts;

/// <summary>Why an attempt ends. <see cref="EndReasons"/> maps each to what it means for the job.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndReason>))]
public enum EndReason
{
    /// <summary>Not ending.</summary>
    None = 0,

    // The trainer's own end.
    Succeeded,
    TrainerFailed,
    SetupFailed,
    OutOfMemory,
    /// <summary>It failed on a full disk. Where that is not tried again, a person has to make room: the job pauses, it does not fail.</summary>
    DiskFull,
    /// <summary>Code, data or command of the spec is missing or unreadable: no other host would help.</summary>
    BadOrder,
    /// <summary>A stored secret that the spec names is gone or cannot be opened: a person has to set it again.</summary>
    SecretMissing,
    /// <summary>The image does not exist, may not be had, or cannot run our agent: a person has to act.</summary>
    ImageUnusable,
    /// <summary>All checkpoints of the job are gone from its store at once: a person has to look before anything begins at the start.</summary>
    CheckpointsMissing,

    // Our decision.
    Cancelled,
    Paused,
    BudgetExhausted,
    MaxRuntime,
    /// <summary>The spec's <c>progress.stop-when</c> holds: any host would come to the same.</summary>
    StopCondition,
    DeadlineMissed,
    /// <summary>The hours in which the job may run are about to end: drained before that.</summary>
    WindowClosed,
    /// <summary>Its place may be taken away, and the deadline's latest start is here: it moves to where nobody does that.</summary>
    DeadlineNear,
    /// <summary>What is left of the work costs less somewhere else by now.</summary>
    CheaperElsewhere,
    /// <summary>A person confirmed a restored database: what this attempt did since the backup is not known.</summary>
    EpochBegan,

    // The infrastructure's.
    LaunchRefused,
    NeverBooted,
    NeverConnected,
    CheckFailed,
    /// <summary>The registry refused the machine the image: another machine may get it, this one perhaps later.</summary>
    ImageDenied,
    StageFailed,
    /// <summary>The host calls a checkpoint damaged whose bytes we compared when it was committed: they are compared again before the next restore.</summary>
    RestoreRefused,
    InstanceGone,
    InstanceStopped,
    HostSilent,
    TrainerLost,
    Stalled,
    HostFailed,
    /// <summary>The rental is about to end by itself: drained before the cut.</summary>
    RentalEnds,
    /// <summary>The host was told to go down and took the trainer along, whatever its exit code.</summary>
    HostLeaves,
}
