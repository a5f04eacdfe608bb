using System.Collections.Immutable;
using Orchestrator.Checkpoints;

namespace Orchestrator.Reconciling;

// Commands of a person. One file for the family: each is a line, and they are read together.

/// <param name="By">Who asked, for the timeline.</param>
public sealed record CancelCommand(string By, bool Now = false) : InboxItem;

public sealed record PauseCommand(string By) : InboxItem;

/// <param name="By">Who asked.</param>
/// <param name="MaxTotal">The new budget over all attempts; null = unchanged.</param>
public sealed record ResumeCommand(string By, Money? MaxTotal) : InboxItem;

/// <summary>A person changes what the job may cost and when it must be done; null = unchanged. All of it counts, or nothing.</summary>
/// <param name="By">Who asked.</param>
/// <param name="MaxTotal">The budget over all attempts.</param>
/// <param name="MaxHourly">The most an instance may cost per hour; what is rented already stays.</param>
/// <param name="Deadline">When it must be done.</param>
public sealed record UpdateCommand(string By, Money? MaxTotal, Money? MaxHourly, DateTimeOffset? Deadline) : InboxItem
{
    /// <summary>-100 to 100, higher first, where jobs stand in line.</summary>
    public int? Priority { get; init; }
}

public sealed record SaveCommand(string By) : InboxItem;

/// <summary>A person confirmed a restored database.</summary>
/// <param name="Epoch">The epoch that begins.</param>
/// <param name="Former">The epoch of the record outside the database.</param>
/// <param name="LastAttempt">The job's newest attempt by that record; 0 = it knows none.</param>
/// <param name="Ended">By that record the job has ended.</param>
public sealed record EpochConfirmed(string Epoch, string Former, int LastAttempt, bool Ended) : InboxItem;

// Results of effects.

public sealed record LaunchReplied(int Attempt, int Send, string InstanceId) : InboxItem;

/// <summary>The provider positively refused: nothing was rented by this call.</summary>
public sealed record LaunchRejected(int Attempt, int Send, RefusalKind Refusal, string Words) : InboxItem
{
    /// <summary>We did not send it. False also in what older releases stored.</summary>
    public bool NothingSent { get; init; }

    /// <summary><see cref="HostFault.Image"/>: no host that the job may have would be given its image, until a person has mended that. Null = nothing is known to be wrong with the image.</summary>
    public HostFault? Fault { get; init; }
}

/// <param name="Attempt">The attempt.</param>
/// <param name="InstanceId">Which instance.</param>
/// <param name="NotFound">True: the provider positively does not know it. False: it accepted the destroy.</param>
public sealed record DestroyReplied(int Attempt, string InstanceId, bool NotFound) : InboxItem;

/// <summary>What the attempt's agent is to be told cannot be put together: a secret is gone, or cannot be opened.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Words">What is missing and what a person can do.</param>
public sealed record OrderUnfilled(int Attempt, string Words) : InboxItem;

/// <summary>The attempt's container cannot be made on its machine.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Fault">Whose fault it is, which decides what helps.</param>
/// <param name="Words">What is wrong and what a person can do.</param>
public sealed record HostRefused(int Attempt, HostFault Fault, string Words) : InboxItem;

public sealed record CheckpointVerified(CheckpointRef Checkpoint) : InboxItem;

public sealed record CheckpointFoundDamaged(string ManifestKey, string Words) : InboxItem;

/// <summary>The job's manifests were listed for <paramref name="Attempt"/>'s restore; all in <paramref name="Verified"/> are verified, in <paramref name="Damaged"/> are not usable.</summary>
public sealed record ManifestsScanned(int Attempt, ImmutableArray<CheckpointRef> Verified, ImmutableArray<string> Damaged) : InboxItem
{
    /// <summary>Keys of manifests that were on the books when the scan began and are not in the store; what an older server wrote says nothing of them.</summary>
    public ImmutableArray<string> Missing { get => field.IsDefault ? [] : field; init; } = [];
}

public sealed record CheckpointErased(string ManifestKey) : InboxItem;

/// <param name="Files">Of the checkpoint to begin from, in the store by now.</param>
/// <param name="Of">All of its files.</param>
/// <param name="Trouble">What is in the way now, and is tried again; null = nothing.</param>
public sealed record CopyStands(int Files, int Of, string? Trouble) : InboxItem;

/// <summary>All of it is in the job's own folder, and its bytes were compared.</summary>
public sealed record CheckpointCopied(CheckpointRef Checkpoint) : InboxItem;

/// <summary>It is not there any more, or is not what its manifest says.</summary>
public sealed record CopyImpossible(string Words) : InboxItem;

public sealed record CopyErased : InboxItem;
