namespace Orchestrator.Server.Api;

/// <param name="Id">Its number.</param>
/// <param name="At">When it was raised.</param>
/// <param name="Kind">Stable name.</param>
/// <param name="Text">One line.</param>
/// <param name="Job">The job it is about; null = the installation.</param>
public sealed record AlertView(long Id, DateTimeOffset At, string Kind, string Text, long? Job)
{
    /// <summary>Null = its cause still holds.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    public DateTimeOffset? DismissedAt { get; init; }

    /// <summary>Who has seen it.</summary>
    public string? DismissedBy { get; init; }

    /// <summary>False = it stays until it is mended.</summary>
    public bool CanBeDismissed { get; init; }
}
