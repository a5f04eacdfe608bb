using Orchestrator.Jobs;

namespace Orchestrator.Checkpoints;

/// <summary>A checkpoint of another job that is to be copied before this one begins from it.</summary>
public sealed record StartCopy
{
    /// <summary>The other job.</summary>
    public required JobId Job { get; init; }

    /// <summary>As it is there, with the training time whose work it holds.</summary>
    public required CheckpointRef Checkpoint { get; init; }

    /// <summary>The epoch below which the copy lies: it stays when another begins meanwhile.</summary>
    public required string Epoch { get; init; }

    /// <summary>For people: <c>lora #12, ckpt-2400, step 2,400</c>.</summary>
    public required string Words { get; init; }
}
