using Orchestrator.Checkpoints;
using Orchestrator.Engine.Specs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Submitting;

/// <summary>The checkpoint of another job that a job begins from.</summary>
/// <param name="Job">The other job.</param>
/// <param name="Spec">Its stored spec.</param>
/// <param name="Checkpoint">A verified one of it.</param>
/// <param name="Words">For people: <c>lora #12, ckpt-2400, step 2,400</c>.</param>
internal sealed record StartPoint(JobState Job, StoredSpec Spec, CheckpointRef Checkpoint, string Words);
