using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol;

namespace Orchestrator.Reconciling;

/// <summary>Rent. Performed at most once: only by the tick that appended the event with sequence number <paramref name="CauseSeq"/>.</summary>
public sealed record LaunchInstance(int Attempt, int Send, OfferTaken Offer, string Label, long CauseSeq) : Effect;

/// <summary>Destroy, until the provider accepts it or does not know the instance.</summary>
public sealed record DestroyInstance(int Attempt, string Provider, string InstanceId, string Label) : Effect;

/// <summary>Tell the agent; the key makes it once however often it is sent.</summary>
public sealed record CommandAgent(int Attempt, string Key, AgentCommand Command) : Effect;

/// <summary>Check a reported manifest against the store, byte by byte or by the store's checksums.</summary>
public sealed record VerifyCheckpoint(CheckpointRef Checkpoint) : Effect;

/// <summary>List the job's manifests and verify those not yet known, before an attempt restores.</summary>
public sealed record ScanManifests(int Attempt) : Effect;

/// <summary>Copy another job's checkpoint into this one's folder, and compare the bytes.</summary>
public sealed record CopyCheckpoint(StartCopy Copy) : Effect;

/// <summary>Delete what was copied so far: nobody will begin from it.</summary>
public sealed record DropCopy(StartCopy Copy) : Effect;

/// <summary>Delete a retired checkpoint's objects, but for those that a manifest in <paramref name="Kept"/> references.</summary>
public sealed record DeleteCheckpoint(CheckpointRef Checkpoint, ImmutableArray<string> Kept) : Effect;
