using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling.Phases;

namespace Orchestrator.Reconciling;

/// <summary>
/// What committed state owes the world. Destroys of what was given up come last: their hosts may be ones that do not answer, and the newest
/// attempt is paid while its own command waits. Whether a launch is permitted beside them was decided before it is owed.
/// </summary>
internal static class Debts
{
    public static ImmutableArray<Effect> Of(JobState state)
    {
        if (state.Seq == 0 || state.Phase.IsTerminal())
        {
            return [];
        }

        var effects = ImmutableArray.CreateBuilder<Effect>();
        var newest = state.Attempts.LastOrDefault();
        if (newest is not null)
        {
            AddDestroys(effects, newest);
            AddLaunch(effects, newest);
        }

        foreach (var attempt in state.Attempts)
        {
            AddCommands(effects, state, attempt);
        }

        foreach (var checkpoint in state.Unverified)
        {
            effects.Add(new VerifyCheckpoint(checkpoint));
        }

        if (state.Start is { } copy)
        {
            AddCopy(effects, state, copy);
        }

        AddDeletions(effects, state);
        for (var older = 0; older < state.Attempts.Length - 1; older++)
        {
            AddDestroys(effects, state.Attempts[older]);
        }

        return effects.DrainToImmutable();
    }

    private static void AddDestroys(ImmutableArray<Effect>.Builder effects, Attempt attempt)
    {
        if (attempt is { Phase: AttemptPhase.Terminating, InstanceId: { } id })
        {
            effects.Add(new DestroyInstance(attempt.Number, attempt.Offer.Provider, id, attempt.ListedAs));
        }

        foreach (var extra in attempt.Extras)
        {
            effects.Add(new DestroyInstance(attempt.Number, attempt.Offer.Provider, extra.InstanceId, attempt.ListedAs));
        }
    }

    private static void AddLaunch(ImmutableArray<Effect>.Builder effects, Attempt attempt)
    {
        if (attempt is { Phase: AttemptPhase.Launching, InstanceId: null } && !attempt.IsEnding())
        {
            effects.Add(new LaunchInstance(attempt.Number, attempt.LaunchSends, attempt.Offer, attempt.Label, attempt.LaunchSentSeq));
        }
    }

    private static void AddCommands(ImmutableArray<Effect>.Builder effects, JobState state, Attempt attempt)
    {
        void Command(string key, AgentCommand command) => effects.Add(new CommandAgent(attempt.Number, key, command));

        switch (attempt.Phase)
        {
            case AttemptPhase.Checking:
                Command("check", new CheckHost { Gpus = attempt.Offer.GpuCount });
                break;
            case AttemptPhase.Staging when !attempt.RestoreDecided:
                effects.Add(new ScanManifests(attempt.Number));
                break;
            case AttemptPhase.Staging:
                Command("stage:" + (attempt.RestoreFrom?.ManifestKey ?? "none"), new StageFiles { RestoreManifestKey = attempt.RestoreFrom?.ManifestKey });
                break;
            case AttemptPhase.Running when attempt.TrainingStartedAt is null:
                Command("start", new StartTrainer());
                break;
            case AttemptPhase.Running when state.SaveRequest is { } request && attempt.Number == state.Attempts.Length:
                Command("save:" + request.ToString(CultureInfo.InvariantCulture), new SaveNow(request));
                break;
            case AttemptPhase.Draining when attempt.Held is null:
                Command("drain", Draining.Order(attempt, state));
                break;
            case AttemptPhase.Passing when attempt.OfferedAt is null:
                Command("pass", new CleanHost { KeepData = true });
                break;
            case AttemptPhase.Cleaning:
                Command("clean", new CleanHost());
                break;
            default:
                break;
        }

        if (attempt.Phase is AttemptPhase.Staging or AttemptPhase.Running or AttemptPhase.Draining)
        {
            foreach (var retired in state.Retired)
            {
                if (retired.AwaitsAttempt == attempt.Number)
                {
                    Command("retire:" + retired.Checkpoint.ManifestKey, new RetireCheckpoint(retired.Checkpoint.ManifestKey));
                }
            }
        }
    }

    /// <summary>A paused job's waits with it, as far as it got.</summary>
    private static void AddCopy(ImmutableArray<Effect>.Builder effects, JobState state, StartCopy copy)
    {
        if (state.Verdict is null)
        {
            effects.Add(new CopyCheckpoint(copy));
        }
        else if (state.Verdict.Phase.IsTerminal())
        {
            effects.Add(new DropCopy(copy));
        }
    }

    private static void AddDeletions(ImmutableArray<Effect>.Builder effects, JobState state)
    {
        foreach (var retired in state.Retired)
        {
            if (Retention.MayDelete(state, retired))
            {
                effects.Add(new DeleteCheckpoint(retired.Checkpoint, KeptBeside(state, retired.Checkpoint)));
            }
        }
    }

    /// <summary>Every manifest that may still be read, also unverified and retired ones: their files may be this one's.</summary>
    private static ImmutableArray<string> KeptBeside(JobState state, CheckpointRef gone) =>
    [
        .. state.Checkpoints.Concat(state.Unverified).Concat(state.Retired.Select(r => r.Checkpoint))
            .Select(c => c.ManifestKey).Where(k => k != gone.ManifestKey),
    ];
}
