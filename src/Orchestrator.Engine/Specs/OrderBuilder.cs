using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Planning.Forecasting;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Specs;

/// <summary>What the agent of one attempt is told, from the stored spec.</summary>
public static class OrderBuilder
{
    /// <summary>Runs $0 with bash where there is one: images without bash still run plain scripts.</summary>
    private const string BashOrSh = "if command -v bash >/dev/null 2>&1; then exec bash -euo pipefail -c \"$0\"; else exec sh -eu -c \"$0\"; fi";

    /// <summary>For an attempt that was planned by a release which did not know of it.</summary>
    private static readonly TimeSpan _unplanned = TimeSpan.FromMinutes(Priors.TrainerRhythmMinutes);

    /// <summary>With which of its batch it is; what the person wrote comes first.</summary>
    private static ImmutableSortedDictionary<string, string> Environment(JobSpec spec) => spec.Batch is not { } batch ? spec.Env
        : spec.Env.Aggregate(
            (spec.Cell ?? ImmutableSortedDictionary<string, string>.Empty).Aggregate(
                ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("ORCHESTRATOR_BATCH", batch.Name),
                (all, value) => all.SetItem(VariableOf(value.Key), value.Value)),
            (all, own) => all.SetItem(own.Key, own.Value));

    /// <summary>By which a trainer finds a value of the matrix.</summary>
    internal static string VariableOf(string name) => "ORCHESTRATOR_MATRIX_" + name.Replace('-', '_').ToUpperInvariant();

    public static TrainerOrder Build(JobState state, Attempt attempt, StoredSpec stored, ImmutableSortedDictionary<string, string> secrets)
    {
        var spec = stored.Spec;
        var prefix = JobFolders.OfAttempt(state, attempt.Number);
        return new TrainerOrder
        {
            JobId = state.Id.Value.ToString(CultureInfo.InvariantCulture),
            JobName = state.Name,
            Attempt = attempt.Number,
            AttemptPrefix = prefix,
            Command = spec.Run is { } run ? Script(run, spec.Shell) : spec.Command,
            Setup = spec.Setup is { } setup ? Script(setup, spec.Shell) : null,
            SetupTimeout = spec.Timeouts.Setup,
            WorkingDir = spec.WorkingDir ?? spec.Code?.To,
            Env = Environment(spec),
            Secrets = secrets,
            Sources = stored.Sources,
            Checkpoints = spec.Checkpoints is { } checkpoints ? Build(checkpoints, attempt) : null,
            Outputs = [.. spec.Outputs.Select((output, index) => Build(output, index))],
            Progress = Build(spec.Progress),
            LogMarks = [.. spec.OnFailure.LogRules.Select(rule => rule.Match)],
            DataDir = spec.Data.IsEmpty ? "/data" : spec.Data[0].To,
            OutputDir = spec.Outputs.IsEmpty ? "/out" : spec.Outputs[0].From,
            GpuCount = attempt.Offer.GpuCount,
            GpuModel = attempt.Offer.Gpu ?? "",
            Deadline = state.Terms.Deadline,
            DrainSignal = spec.Checkpoints?.OnDrain.Signal ?? "SIGTERM",
        };
    }

    private static ImmutableArray<string> Script(string text, ShellKind shell) => shell switch
    {
        ShellKind.Bash => ["/bin/sh", "-c", BashOrSh, text],
        ShellKind.Sh => ["/bin/sh", "-eu", "-c", text],
    };

    private static Protocol.CheckpointOrder Build(CheckpointSpec spec, Attempt attempt) => new()
    {
        Path = spec.Path,
        Include = spec.Include,
        Exclude = spec.Exclude,
        Completion = spec.Complete.Kind switch
        {
            Jobs.CompletionKind.Settle => Protocol.CompletionKind.Settle,
            Jobs.CompletionKind.Rename => Protocol.CompletionKind.Rename,
            Jobs.CompletionKind.Marker => Protocol.CompletionKind.Marker,
        },
        Settle = spec.Complete.Settle,
        Marker = spec.Complete.Marker,
        RequestSignal = spec.Request?.Signal,
        RequestFile = spec.Request?.File,
        Every = spec.Every.Kind == RhythmKind.Auto ? attempt.Rhythm?.Every ?? _unplanned : spec.Every.Interval,
        ResumeArgs = spec.ResumeArgs,
    };

    /// <summary>Each output has its own folder below the attempt's, named after where it lay.</summary>
    private static OutputOrder Build(OutputSpec spec, int index) =>
        new(spec.From, OutputFolder(spec, index), spec.When == OutputWhen.Always, spec.Every);

    /// <summary>Below the attempt's prefix, with trailing slash.</summary>
    public static string OutputFolder(OutputSpec spec, int index) => string.Create(CultureInfo.InvariantCulture, $"outputs/{index}-{LastName(spec.From)}/");

    private static string LastName(string path) => path.TrimEnd('/').Split('/')[^1] is { Length: > 0 } name ? name : "root";

    private static ProgressOrder Build(ProgressRule rule) => new()
    {
        Format = rule.Format switch
        {
            Jobs.ProgressFormat.Auto => Protocol.ProgressFormat.Auto,
            Jobs.ProgressFormat.Tqdm => Protocol.ProgressFormat.Tqdm,
            Jobs.ProgressFormat.Huggingface => Protocol.ProgressFormat.HuggingFace,
            Jobs.ProgressFormat.Lightning => Protocol.ProgressFormat.Lightning,
            Jobs.ProgressFormat.Jsonl => Protocol.ProgressFormat.JsonLines,
            Jobs.ProgressFormat.Pattern => Protocol.ProgressFormat.Pattern,
            Jobs.ProgressFormat.None => Protocol.ProgressFormat.None,
        },
        File = rule.File,
        Pattern = rule.Pattern,
        Total = rule.Total,
        Metrics = rule.Metrics,
        Watched = [.. StopCondition.Parse(rule.StopWhen).Select(clause => clause.Metric).Distinct(StringComparer.Ordinal)],
    };
}
