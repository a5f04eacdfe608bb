namespace Orchestrator.Jobs;

/// <summary>When the job may start and run.</summary>
public sealed record ScheduleSpec
{
    /// <summary>Start not before this instant (UTC).</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Five-field cron expression, read in <see cref="Zone"/>: a series of runs, each a job of its own.</summary>
    public string? Cron { get; init; }

    /// <summary>IANA zone of everything in here.</summary>
    public string Zone { get; init; } = "UTC";

    /// <summary>Hours of the day in which it may start.</summary>
    public ClockWindow? StartWindow { get; init; }

    /// <summary>Hours of the day in which it may run.</summary>
    public ClockWindow? RunWindow { get; init; }

    /// <summary>Start when the price per hour is below this.</summary>
    public Money? StartBelow { get; init; }
}
