namespace Orchestrator.Server.Api;

/// <summary>What a rehearsal measured; null = it could not be.</summary>
public sealed record RehearsalMeasures
{
    /// <summary>The cards, in words: <c>RTX 4090</c>, <c>4 x RTX 4090</c>; null = none.</summary>
    public string? On { get; init; }

    /// <summary>From the order until the host answered.</summary>
    public double? BootSeconds { get; init; }

    /// <summary>From then on until training began.</summary>
    public double? StageSeconds { get; init; }

    public double? SecondsPerStep { get; init; }

    /// <summary>Standard error of it.</summary>
    public double? SecondsPerStepError { get; init; }

    public long? CheckpointBytes { get; init; }

    public long? SavesEverySteps { get; init; }

    public double? SavesEverySeconds { get; init; }

    public double? UploadSeconds { get; init; }

    public long? TotalSteps { get; init; }

    /// <summary>All of the steps.</summary>
    public double? WorkSeconds { get; init; }
}
