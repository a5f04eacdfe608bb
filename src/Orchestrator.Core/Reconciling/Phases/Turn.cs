using System.Globalization;
using Orchestrator.Batches;
using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Phases;

/// <summary>A batch lets its jobs begin in turn (see <see cref="BatchLine"/>).</summary>
internal static class Turn
{
    /// <summary>The words stay the same for as long as it waits for the same thing: numbers that change with every other job are the batch's to show.</summary>
    public static void Wait(DecisionContext c, BatchHoldKind held)
    {
        if (c.State is { Phase: JobPhase.Waiting, NotBefore: null, BatchWait.For: var known } && known == held)
        {
            return;
        }

        var batch = $"batch {c.State.Terms.Batch!.Name}";
        var why = held switch
        {
            BatchHoldKind.Slot => string.Create(CultureInfo.InvariantCulture, $"it is not its turn yet: {batch} runs {c.Observation.Batch?.MaxParallel} at one time"),
            BatchHoldKind.Canary => $"the first of {batch} has not shown yet that it works: it must report progress, and store a checkpoint where it makes any",
            _ => $"the rest of the budget of {batch} is held by jobs that run; what they do not need comes back when they end",
        };
        c.Emit(new JobPhaseChanged(JobPhase.Waiting, null) { At = c.Now, Why = Words.Clean(why), Batch = new BatchWait(held) });
    }
}
