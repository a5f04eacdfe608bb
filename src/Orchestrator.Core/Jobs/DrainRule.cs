namespace Orchestrator.Jobs;

/// <summary>What happens to the trainer when its instance is about to end.</summary>
public sealed record DrainRule
{
    /// <summary>Signal name with SIG.</summary>
    public string Signal { get; init; } = "SIGTERM";

    /// <summary>Null is what fits the notice.</summary>
    public TimeSpan? Grace { get; init; }
}
