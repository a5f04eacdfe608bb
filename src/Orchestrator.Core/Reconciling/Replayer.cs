using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Json;

namespace Orchestrator.Reconciling;

/// <summary>
/// Decides a job's recorded ticks again and folds its events again. Differences after a change of policy code are information:
/// the stored events stay what happened. Without one, they are a fault.
/// </summary>
public static class Replayer
{
    /// <param name="events">All events of one job, in order, from the first.</param>
    /// <param name="ticks">Its recorded ticks, in order; some may be missing (retention).</param>
    /// <param name="stored">The state the database holds; null = not to be compared.</param>
    /// <returns>Differences in order; empty = all the same. An event that cannot follow ends the replay with its difference.</returns>
    public static ImmutableArray<ReplayDifference> Replay(IEnumerable<JobEvent> events, IEnumerable<TickRecord> ticks, JobState? stored)
    {
        var differences = ImmutableArray.CreateBuilder<ReplayDifference>();
        var pending = new Queue<TickRecord>(ticks.OrderBy(t => t.SeqBefore));
        var state = new JobState();
        foreach (var jobEvent in events)
        {
            while (pending.TryPeek(out var tick) && tick.SeqBefore <= state.Seq)
            {
                pending.Dequeue();
                Decide(differences, state, tick);
            }

            try
            {
                state = Kernel.Apply(state, jobEvent);
            }
            catch (InvalidOperationException e)
            {
                differences.Add(new ReplayDifference(state.Seq + 1, "this event cannot follow: " + e.Message, Json(jobEvent), null));
                return differences.DrainToImmutable();
            }
        }

        foreach (var tick in pending)
        {
            Decide(differences, state, tick);
        }

        if (stored is not null && Json(stored) is var held && Json(state) is var folded && held != folded)
        {
            differences.Add(new ReplayDifference(state.Seq, "the stored state is not the fold of the events", held, folded));
        }

        return differences.DrainToImmutable();
    }

    public static string Json(JobEvent jobEvent) => JsonSerializer.Serialize(jobEvent, CoreJson.Default.JobEvent);

    public static string Json(JobState state) => JsonSerializer.Serialize(state, CoreJson.Default.JobState);

    private static void Decide(ImmutableArray<ReplayDifference>.Builder differences, JobState state, TickRecord tick)
    {
        if (tick.SeqBefore != state.Seq)
        {
            differences.Add(new ReplayDifference(tick.SeqBefore, $"a recorded tick begins at event {tick.SeqBefore}, which is not stored", null, null));
            return;
        }

        var again = Kernel.Decide(state, tick.Observation, tick.Policies, tick.Now);
        for (var i = 0; i < Math.Max(again.Length, tick.Events.Length); i++)
        {
            var before = i < tick.Events.Length ? Json(tick.Events[i]) : null;
            var now = i < again.Length ? Json(again[i]) : null;
            if (before != now)
            {
                differences.Add(new ReplayDifference(tick.SeqBefore + i + 1, "decided differently", before, now));
            }
        }
    }
}
