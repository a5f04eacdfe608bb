using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>The part of a spec that the kernel decides by.</summary>
public static class TermsBuilder
{
    private static readonly TimeSpan _defaultGrace = TimeSpan.FromSeconds(60);

    public static JobTerms Build(JobSpec spec) => new()
    {
        MaxTotal = spec.Budget.MaxTotal,
        OnExhausted = spec.Budget.OnExhausted,
        MaxRuntime = spec.MaxRuntime,
        Stall = spec.Progress.Format == ProgressFormat.None ? null : spec.Timeouts.Stall,
        StallFromStart = spec.Progress.Format is not (ProgressFormat.Auto or ProgressFormat.None) || spec.Progress.File is not null,
        HasImage = spec.Image is not null,
        Boot = spec.Timeouts.Boot,
        Stage = spec.Timeouts.Stage,
        Setup = spec.Setup is null ? null : spec.Timeouts.Setup,
        Restarts = spec.OnFailure.Restarts,
        RestartOn = spec.OnFailure.RestartOn,
        GiveUpAfter = spec.Reliability.GiveUpAfter,
        HasCheckpoints = spec.Checkpoints is not null,
        Keep = Math.Max(1, spec.Checkpoints?.Keep ?? 1),
        AfterSuccess = spec.Checkpoints?.AfterSuccess ?? AfterSuccess.Keep,
        CanRequestCheckpoint = spec.Checkpoints?.Request is not null,
        DrainGrace = spec.Checkpoints?.OnDrain.Grace ?? _defaultGrace,
        Deadline = spec.Deadline?.At,
        OnDeadlineMiss = spec.Deadline?.OnMiss ?? DeadlineMiss.Continue,
        NotBefore = spec.Schedule?.At,
    };
}
