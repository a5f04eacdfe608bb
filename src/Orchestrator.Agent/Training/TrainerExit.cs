namespace Orchestrator.Agent.Training;

/// <summary>How the user's command ended.</summary>
internal sealed record TrainerExit
{
    public required int ExitCode { get; init; }

    public bool InSetup { get; init; }

    public bool NotStarted { get; init; }

    public bool TimedOut { get; init; }

    public bool OutOfMemory { get; init; }
}
