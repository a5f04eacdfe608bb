using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Phases;

/// <summary>What the spec says a training is not worth going on with (<c>progress.stop-when</c>). Another host would compute the same: the job fails.</summary>
internal static class StopRule
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (c.State.Terms.StopWhen.IsEmpty || attempt is not { Phase: AttemptPhase.Running, TrainingStartedAt: not null } || attempt.IsEnding() || c.Seen(attempt).Agent is not { } agent)
        {
            return;
        }

        foreach (var clause in c.State.Terms.StopWhen)
        {
            if (Value(agent, clause.Metric) is var (value, since) && clause.Holds(value, agent.Step))
            {
                c.End(attempt, EndReason.StopCondition, Told(c.State, clause, value, since ?? agent.Step));
                return;
            }
        }
    }

    /// <summary>Of one that is no number also since which step it is none.</summary>
    private static (double Value, long? Since)? Value(AgentView agent, string metric) =>
        agent.NotFinite?.TryGetValue(metric, out var odd) == true ? (odd.Number, odd.Step)
        : agent.Metrics?.TryGetValue(metric, out var value) == true ? (value, null)
        : null;

    private static string Told(JobState state, StopClause clause, double value, long? step)
    {
        var was = double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "infinite" : "minus infinite" : value.ToString("G6", CultureInfo.InvariantCulture);
        var where = step is { } at ? string.Create(CultureInfo.InvariantCulture, $" at step {at}") : "";
        return $"stopped: {clause.Metric} was {was}{where} (progress.stop-when: {clause}); {Saved(state, step)}";
    }

    /// <summary>The newest that was made before it: a later one may hold what a person wants to get away from.</summary>
    private static string Saved(JobState state, long? step)
    {
        var newest = state.Checkpoints.LastOrDefault(one => !one.Late && !(one.Step >= step)) ?? state.NewestCheckpoint;
        return newest is null ? "no checkpoint is durable"
            : $"last durable checkpoint{(newest.Step >= step ? " (made after that)" : "")}: {Name(newest)}; to go on from one: orchestrator checkpoints {Number(state)}, then retry {Number(state)} --from-checkpoint N";
    }

    private static string Name(CheckpointRef checkpoint) => checkpoint.Step is { } step ? string.Create(CultureInfo.InvariantCulture, $"step {step}") : checkpoint.Entry;

    private static string Number(JobState state) => state.Id.Value.ToString(CultureInfo.InvariantCulture);
}
