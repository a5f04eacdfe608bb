using System.Collections.Immutable;
using Orchestrator.Protocol;

namespace Orchestrator.Agent;

/// <summary>
/// Source-generated JSON sets init-only properties that a message lacks to null or zero instead of to their defaults, so
/// what an older or newer server leaves out is filled in here.
/// </summary>
internal static class OrderDefaults
{
    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary<string, string>.Empty;

    public static TrainerOrder Fill(TrainerOrder order)
    {
        var usual = new TrainerOrder { JobId = "", JobName = "", Attempt = 0, AttemptPrefix = "", Command = [] };
        return order with
        {
            Command = order.Command.IsDefault ? [] : order.Command,
            SetupTimeout = order.SetupTimeout > TimeSpan.Zero ? order.SetupTimeout : usual.SetupTimeout,
            Env = order.Env ?? None,
            Secrets = order.Secrets ?? None,
            Sources = order.Sources.IsDefault ? [] : [.. order.Sources.Select(source => source.Files.IsDefault ? source with { Files = [] } : source)],
            Outputs = order.Outputs.IsDefault ? [] : order.Outputs,
            Progress = Fill(order.Progress ?? usual.Progress),
            Checkpoints = order.Checkpoints is { } checkpoints ? Fill(checkpoints) : null,
            LogMarks = order.LogMarks.IsDefault ? [] : order.LogMarks,
            DataDir = string.IsNullOrEmpty(order.DataDir) ? usual.DataDir : order.DataDir,
            OutputDir = string.IsNullOrEmpty(order.OutputDir) ? usual.OutputDir : order.OutputDir,
            GpuModel = order.GpuModel ?? "",
            DrainSignal = string.IsNullOrEmpty(order.DrainSignal) ? usual.DrainSignal : order.DrainSignal,
            LogBytes = order.LogBytes > 0 ? order.LogBytes : usual.LogBytes,
        };
    }

    private static ProgressOrder Fill(ProgressOrder order) => order with { Metrics = order.Metrics.IsDefault ? [] : order.Metrics, Watched = order.Watched.IsDefault ? [] : order.Watched };

    private static CheckpointOrder Fill(CheckpointOrder order) => order with
    {
        Include = order.Include.IsDefaultOrEmpty ? ["*"] : order.Include,
        Exclude = order.Exclude.IsDefault ? [] : order.Exclude,
    };
}
