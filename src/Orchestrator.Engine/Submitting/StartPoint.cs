using Orchestrator.Checkpoints;
using Orchestrator.Engine.Specs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Submitting;

/// <summary>The checkpoint of another job that a job begins from.</summary>
/// <param name="Job">The other job.</param>
/// <param name="Spec">Its stored spec.</param>
/// <param name="Checkpoint">A verified one of it.</param>
/// <param name="Words">For people: <c>lora #12, ckpt-2400, step 2,400</c>.</param>
internal sealed record StartPoint(JobState Job, StoredSpec Spec, CheckpointRef Checkpoint, string Words)
{
    /// <summary>As it is kept with a job until it is copied.</summary>
    /// <param name="epoch">The new job's.</param>
    public StartCopy ToCopy(string epoch) => new() { Job = Job.Id, Checkpoint = Checkpoint, Epoch = epoch, Words = Words };
}
