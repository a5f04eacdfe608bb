using Orchestrator.Attempts;
using Orchestrator.Protocol;

namespace Orchestrator.Reconciling.Phases;

/// <summary>The agent's journal, once each and in order. Input of a host: every claim is checked where it is used.</summary>
internal static class AgentReports
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (c.Seen(attempt).Agent is not { } agent)
        {
            return;
        }

        var last = attempt.AgentSeq;
        foreach (var report in agent.Events)
        {
            if (report.Seq != last + 1)
            {
                continue;
            }

            last = report.Seq;
            Handle(c, c.Attempt(attempt.Number), report);
        }

        if (last > attempt.AgentSeq)
        {
            c.Emit(new AgentEventsApplied(attempt.Number, last) { At = c.Now, Why = $"agent events up to {last}" });
        }
    }

    private static void Handle(DecisionContext c, Attempt attempt, AgentEvent report)
    {
        switch (report)
        {
            case HostChecked e:
                Checking.Checked(c, attempt, e);
                break;
            case FilesStaged e:
                Staging.Staged(c, attempt, e);
                break;
            case StageRefused e:
                Staging.Refused(c, attempt, e);
                break;
            case TrainerStarted e:
                Running.Started(c, attempt, e);
                break;
            case TrainerEnded e:
                Running.Ended(c, attempt, e);
                break;
            case TrainerVanished e:
                Running.Vanished(c, attempt, e);
                break;
            case CheckpointStored e:
                CheckpointFacts.Stored(c, attempt, e);
                break;
            case CheckpointDiscarded e:
                c.Note(attempt.Number, $"{e.Entry} was discarded: {e.Words}");
                break;
            case SaveDone e:
                Saved(c, attempt, e);
                break;
            case RetireDone e:
                Retention.LetGo(c, attempt, e);
                break;
            case DrainDone e:
                Draining.Done(c, attempt, e);
                break;
            case HostCleaned e:
                Cleaning.Done(c, attempt, e);
                break;
            case HostProblem e:
                c.Note(attempt.Number, e.Words);
                break;
            default:
                c.Note(attempt.Number, $"the agent sent {report.GetType().Name}, which this server does not know");
                break;
        }
    }

    private static void Saved(DecisionContext c, Attempt attempt, SaveDone answer)
    {
        if (c.State.SaveRequest == answer.Request)
        {
            c.Emit(new SaveAnswered(attempt.Number, answer.Request)
            {
                At = c.Now,
                Why = Words.Clean(answer.ManifestKey is null ? "no checkpoint: " + answer.Words : "checkpoint stored " + answer.Words),
            });
        }
    }
}
