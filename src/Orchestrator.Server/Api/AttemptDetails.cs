namespace Orchestrator.Server.Api;

/// <summary>One attempt of a job.</summary>
public sealed record AttemptDetails
{
    public required int Number { get; init; }

    /// <summary>planned, launching, booting, connecting, checking, staging, running, draining, passing, cleaning, terminating, ended.</summary>
    public required string Phase { get; init; }

    /// <summary>What is done there beside training, in words (<c>pulling the image: 3 of 9 layers, 1.2 of 4.0 GB</c>); null = nothing, or it is ending.</summary>
    public string? Activity { get; init; }

    public required string Provider { get; init; }

    public string? InstanceId { get; init; }

    public string? Host { get; init; }

    public string? Gpu { get; init; }

    public int GpuCount { get; init; }

    public string Capacity { get; init; } = "on-demand";

    public decimal PricePerHour { get; init; }

    public DateTimeOffset From { get; init; }

    /// <summary>The job whose instance it took over; null = it was rented for this attempt.</summary>
    public long? WarmFrom { get; init; }

    /// <summary>The job that has taken its instance over; null = none.</summary>
    public long? PassedTo { get; init; }

    /// <summary>Null while it lives.</summary>
    public DateTimeOffset? To { get; init; }

    public DateTimeOffset? TrainingFrom { get; init; }

    /// <summary>The last step it was seen at.</summary>
    public long? Steps { get; init; }

    /// <summary>The step of the checkpoint it resumed from; null = from the start.</summary>
    public long? ResumedFromStep { get; init; }

    /// <summary>The checkpoint it went on from, which may name no step; null = none.</summary>
    public string? ResumedFrom { get; init; }

    public decimal Cost { get; init; }

    /// <summary>
    /// Of a launch that nobody can settle on a machine of one's own: what the time since it was given up costs should that machine hold an
    /// instance. No sum and no budget counts it.
    /// </summary>
    public decimal Unsettled { get; init; }

    /// <summary>How often its trainer is asked for checkpoints, where the plan decides it.</summary>
    public double? SavesEverySeconds { get; init; }

    /// <summary>What that follows from: expected time between interruptions, and until a checkpoint is durable.</summary>
    public double? InterruptedEverySeconds { get; init; }

    public double? UploadSeconds { get; init; }

    /// <summary>Kebab-case end reason (<c>instance-gone</c>, ...); null while it is not ending.</summary>
    public string? EndReason { get; init; }

    /// <summary>The reason in words for a person.</summary>
    public string Why { get; init; } = "";

    public bool Interruption { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>Null = cleaning was not confirmed.</summary>
    public bool? Wiped { get; init; }
}
