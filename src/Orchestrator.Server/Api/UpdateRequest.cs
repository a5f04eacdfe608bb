namespace Orchestrator.Server.Api;

/// <summary>What of a live job's terms is to change; null = unchanged.</summary>
public sealed record UpdateRequest
{
    /// <summary>New budget over all attempts, in dollars.</summary>
    public decimal? Budget { get; init; }

    /// <summary>The most an instance may cost per hour, in dollars; what is rented already stays.</summary>
    public decimal? MaxHourly { get; init; }

    /// <summary>When it must be done, as in a spec: <c>Mon 08:00</c>, <c>2026-11-30T07:00+01:00</c>.</summary>
    public string? Deadline { get; init; }

    /// <summary>-100 to 100, higher first, where jobs stand in line.</summary>
    public int? Priority { get; init; }

    /// <summary>IANA zone of the deadline where it names none.</summary>
    public string TimeZone { get; init; } = "UTC";
}
