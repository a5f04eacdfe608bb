using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>What each <see cref="CheckpointFormat"/> fills in where the spec says nothing.</summary>
/// <param name="Include">Globs of entries.</param>
/// <param name="Exclude">Globs of what trainers write on the way.</param>
/// <param name="Complete">When an entry is complete.</param>
/// <param name="ResumeArgs">Text appended on resume, or null.</param>
public sealed record CheckpointFormats(
    ImmutableArray<string> Include, ImmutableArray<string> Exclude, CompletionRule Complete, string? ResumeArgs)
{
    private static readonly ImmutableArray<string> Unfinished = [".*", "*.tmp", "*.part", "*.partial", "tmp-*"];
    private static readonly CompletionRule Settled = new();

    public static CheckpointFormats Of(CheckpointFormat format) => format switch
    {
        // The HF Trainer keeps checkpoint-STEP folders; its scripts take this argument through HfArgumentParser.
        CheckpointFormat.Huggingface => new(["checkpoint-*"], Unfinished, Settled, "--resume_from_checkpoint {path}"),

        // ModelCheckpoint writes epoch=N-step=M.ckpt and last.ckpt; LightningCLI takes --ckpt_path.
        CheckpointFormat.Lightning => new(["*.ckpt"], Unfinished, Settled, "--ckpt_path {path}"),

        // save_state with automatic naming gives checkpoint_N; the published examples use step_N, epoch_N and checkpoint-N.
        CheckpointFormat.Accelerate => new(
            ["checkpoint_*", "checkpoint-*", "step_*", "epoch_*"], Unfinished, Settled, "--resume_from_checkpoint {path}"),

        // The coordinator renames .metadata into place after every rank has written its shards.
        CheckpointFormat.TorchDcp => new(
            ["*"], Unfinished, new CompletionRule { Kind = CompletionKind.Marker, Marker = ".metadata" }, null),

        // sd-scripts with --save_state writes NAME-STEP-state folders; --resume takes one of them.
        CheckpointFormat.Kohya => new(["*-state"], Unfinished, Settled, "--resume {path}"),
        CheckpointFormat.Auto or CheckpointFormat.Files => new(["*"], Unfinished, Settled, null),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "unknown checkpoint format"),
    };
}
