using Orchestrator.Engine.Templates;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary>What a submit takes over from the job that it takes up again.</summary>
internal sealed record RetryOf
{
    public required JobId Job { get; init; }

    /// <summary><c>retry of lora #12</c>.</summary>
    public required string Words { get; init; }

    public required KeptPins Pins { get; init; }

    /// <summary>The template as the former job was submitted with it; null = it names none.</summary>
    public FormerTemplate? Template { get; init; }

    /// <summary>The batch of both; null = they belong to none.</summary>
    public long? Batch { get; init; }

    /// <summary>The values of its matrix that both are run with; null = they are of no matrix.</summary>
    public string? Cell { get; init; }

    /// <summary>The former job was a run of a series: its spec says when runs come, and this one is not one of them.</summary>
    public required bool IsRun { get; init; }

    /// <summary>Which was asked for; see <see cref="RetryRequest.FromCheckpoint"/>.</summary>
    public int? FromCheckpoint { get; init; }

    /// <summary>Null = from the start.</summary>
    public StartPoint? Start { get; init; }

    /// <summary>The spec's <c>checkpoints.start-from</c> counts: it was set for the retry, or the former job left nothing to go on from.</summary>
    public bool FollowsSpec { get; init; }
}
