using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Phases;

/// <summary>What people asked for. Each row is seen by one tick only, so it is acted on or answered with words.</summary>
internal static class Commands
{
    public static void Run(DecisionContext c)
    {
        foreach (var item in c.Observation.Inbox)
        {
            switch (item)
            {
                case CancelCommand cancel:
                    Cancel(c, cancel);
                    break;
                case PauseCommand pause:
                    Pause(c, pause);
                    break;
                case ResumeCommand resume:
                    Resume(c, resume);
                    break;
                case UpdateCommand update:
                    Update(c, update);
                    break;
                case SaveCommand save:
                    Save(c, save);
                    break;
                case EpochConfirmed confirmed:
                    NewEpoch.Confirmed(c, confirmed);
                    break;
                default:
                    break;
            }
        }
    }

    private static void Cancel(DecisionContext c, CancelCommand command)
    {
        if (Holding.Release(c, command.By))
        {
            return;
        }

        if (command.Now && c.State.Verdict is { Phase: JobPhase.Cancelled })
        {
            EndNow(c, command);
            return;
        }

        if (c.State.Verdict is { Phase: not JobPhase.Paused } verdict)
        {
            c.Note(0, $"{command.By} asked to cancel, but the job is already ending as {verdict.Phase}");
            return;
        }

        Stop(c, JobPhase.Cancelled, EndReason.Cancelled, $"cancelled by {command.By}");
        if (command.Now)
        {
            EndNow(c, command);
        }
    }

    /// <summary>Nothing more is stored, whatever the attempt was ending of: what is not durable by now is given up. A success is not cut off.</summary>
    private static void EndNow(DecisionContext c, CancelCommand command)
    {
        if (c.State.Attempts is [.., { Phase: AttemptPhase.Running or AttemptPhase.Draining, Reason: not EndReason.Succeeded } current])
        {
            c.Enter(current, AttemptPhase.Cleaning, Words.Clean($"{command.By} asked not to wait for the newest checkpoint"));
        }
    }

    private static void Pause(DecisionContext c, PauseCommand command)
    {
        if (c.State.Verdict is { } verdict)
        {
            c.Note(0, $"{command.By} asked to pause, but the job is already {(verdict.Phase == JobPhase.Paused ? "paused" : $"ending as {verdict.Phase}")}");
            return;
        }

        Stop(c, JobPhase.Paused, EndReason.Paused, $"paused by {command.By}");
    }

    /// <summary>A success that is being stored goes on: should it fail after all, the verdict still holds.</summary>
    private static void Stop(DecisionContext c, JobPhase verdict, EndReason reason, string why)
    {
        if (c.State.Current() is { } current)
        {
            c.End(current, reason, why);
        }

        c.Emit(new VerdictReached(verdict) { At = c.Now, Why = Words.Clean(why) });
    }

    private static void Resume(DecisionContext c, ResumeCommand command)
    {
        if (c.State.Verdict is { Phase: not JobPhase.Paused } verdict)
        {
            c.Note(0, $"{command.By} asked to resume, but the job is already ending as {verdict.Phase}");
            return;
        }

        if (SharedBudget.Has(c.State) && command.MaxTotal is not null)
        {
            c.Note(0, $"{command.By} asked to resume with a budget of its own, but it shares that of batch {c.State.Terms.Batch!.Name}: orchestrator batch {c.State.Terms.Batch.Name} --budget AMOUNT");
            return;
        }

        if (!SharedBudget.Has(c.State) && (command.MaxTotal ?? c.State.Terms.MaxTotal) is { } most && Kernel.LeastBudget(c.State, c.Policies, c.Now) is var least && most < least)
        {
            c.Note(0, $"{command.By} asked to resume with a budget of {most}, but {c.State.SpentAt(c.Now)} are spent: resume with a larger budget, the least is {least}");
            return;
        }

        if (command.MaxTotal is { } max && max != c.State.Terms.MaxTotal)
        {
            c.Emit(new BudgetChanged(max) { At = c.Now, Why = Words.Clean($"{command.By} set the budget to {max}") });
        }

        if (c.State.Verdict is null)
        {
            if (command.MaxTotal is null)
            {
                c.Note(0, $"{command.By} asked to resume, but the job is not paused");
            }

            return;
        }

        c.Emit(new JobResumed { At = c.Now, Why = Words.Clean($"resumed by {command.By}") });
    }

    private static void Update(DecisionContext c, UpdateCommand command)
    {
        var terms = c.State.Terms;
        var refusal = c.State.Verdict is { Phase: not JobPhase.Paused } verdict ? $"the job is already ending as {verdict.Phase}"
            : command.MaxTotal is not null && SharedBudget.Has(c.State) ? $"it shares the budget of batch {terms.Batch!.Name}"
            : command.MaxTotal is { } most && Kernel.LeastBudget(c.State, c.Policies, c.Now) is var least && most < least ? $"with a budget of {most} it could not go on: {c.State.SpentAt(c.Now)} are spent, the least is {least}"
            : command.Deadline <= c.Now ? "the deadline has passed"
            : terms.NotBefore >= command.Deadline ? "the job would start at or after its deadline"
            : null;
        if (refusal is not null)
        {
            c.Note(0, $"{command.By} asked for other terms, but {refusal}; nothing was changed", command.Id);
            return;
        }

        if (command.MaxTotal is { } max && max != terms.MaxTotal)
        {
            c.Emit(new BudgetChanged(max) { At = c.Now, Why = Words.Clean($"{command.By} set the budget to {max}") });
            if (c.State.Verdict is { Phase: JobPhase.Paused, OfBudget: true } && max > terms.MaxTotal)
            {
                // Nobody but the budget had stopped it.
                c.Emit(new JobResumed { At = c.Now, Why = Words.Clean($"resumed by the budget that {command.By} set") });
            }
        }

        var hourly = command.MaxHourly != terms.MaxHourly ? command.MaxHourly : null;
        var deadline = command.Deadline != terms.Deadline ? command.Deadline : null;
        var priority = command.Priority != terms.Priority ? command.Priority : null;
        if (hourly is not null || deadline is not null || priority is not null)
        {
            var words = string.Join(" and ", new[] { hourly is { } hour ? $"max-hourly to {hour}/h" : null, deadline is { } at ? string.Create(CultureInfo.InvariantCulture, $"the deadline to {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : null, priority is { } rank ? string.Create(CultureInfo.InvariantCulture, $"the priority to {rank}") : null }.OfType<string>());
            c.Emit(new TermsChanged(hourly, deadline) { Priority = priority, At = c.Now, Why = Words.Clean($"{command.By} set {words}") });
        }
    }

    private static void Save(DecisionContext c, SaveCommand command)
    {
        var refusal = c.State.Current() switch
        {
            null => "no attempt is running",
            { TrainingStartedAt: null } or { Phase: not AttemptPhase.Running } => "the trainer is not running yet",
            _ when !c.State.Terms.HasCheckpoints => "the spec has no checkpoints",
            _ when !c.State.Terms.CanRequestCheckpoint => "the spec does not say how to ask for one (checkpoints.request)",
            _ when c.State.SaveRequest is not null => "one was asked for already and is awaited",
            _ => null,
        };
        if (refusal is not null)
        {
            c.Note(c.State.Current()?.Number ?? 0, $"{command.By} asked for a checkpoint, but {refusal}");
            return;
        }

        c.Emit(new SaveRequested(c.State.Current()!.Number, command.Id) { At = c.Now, Why = Words.Clean($"{command.By} asked for a checkpoint") });
    }
}
