using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>A job with checkpoints that trains.</summary>
/// <param name="Id">Which.</param>
/// <param name="State">Null = it cannot be read.</param>
/// <param name="Checkpoints">Of its spec; null = it cannot be read.</param>
/// <param name="Stored">When each checkpoint of its newest attempt was in the store, oldest first.</param>
/// <param name="IsHeard">Its agent has been heard long enough to have told what it stored while nobody listened.</param>
/// <param name="Now">By the database's clock.</param>
public sealed record TrainingJob(JobId Id, JobState? State, CheckpointSpec? Checkpoints, ImmutableArray<DateTimeOffset> Stored, bool IsHeard, DateTimeOffset Now);
