using Orchestrator.Protocol;

namespace Orchestrator.Agent;

/// <summary>What must survive the agent's own death and is not in the journal. Never holds secrets.</summary>
internal sealed record AgentState
{
    public string Label { get; init; } = "";

    /// <summary>The order without its secrets; null = nothing staged yet.</summary>
    public TrainerOrder? Order { get; init; }

    /// <summary>The restored entry's name below the checkpoint folder.</summary>
    public string? RestoredEntry { get; init; }

    public string? RestoredManifestKey { get; init; }

    /// <summary>Where a checkpoint that is not whole yet may lie: what our death in the middle left is removed before anything else is staged.</summary>
    public string? Restoring { get; init; }

    /// <summary>Claimed before the first byte is sent, so that no key is ever written twice.</summary>
    public int NextOrdinal { get; init; } = 1;

    /// <summary>We signalled the trainer: its exit is our doing, whatever its code.</summary>
    public bool DrainSignalled { get; init; }

    /// <summary>The host was told to go down before the trainer's end was reported: it is the host's doing, whatever its code.</summary>
    public bool HostLeaves { get; init; }

    /// <summary>First byte of the trainer's log that is still there.</summary>
    public long LogStart { get; init; }

    public int NextOutputPass { get; init; } = 1;

    /// <summary>The job's files were deleted: nothing is watched or sent any more.</summary>
    public bool Cleaned { get; init; }
}
