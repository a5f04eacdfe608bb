using Orchestrator.Jobs;

namespace Orchestrator.Engine.Messages;

/// <summary>Something to tell, before anybody has been chosen to hear it.</summary>
/// <param name="Key">Names what it tells of: told once, whoever notices it.</param>
/// <param name="Topic">Of <see cref="NotifyTopics"/>.</param>
/// <param name="Title">One line; enough on a locked phone.</param>
/// <param name="Text">The facts, in a few lines.</param>
public sealed record NewMessage(string Key, string Topic, string Title, string Text)
{
    /// <summary>Null = it is no single job's.</summary>
    public JobId? Job { get; init; }

    /// <summary>What the job's spec says of messages; null = nothing, or there is no job.</summary>
    public NotifySpec? Notify { get; init; }

    /// <summary>Kind and subject of the alert that it tells of.</summary>
    public string? Subject { get; init; }

    /// <summary>A channel that it is about, which must not be asked to carry it.</summary>
    public string? NotBy { get; init; }

    /// <summary>Quiet hours do not hold it back: something may cost money that nobody sees.</summary>
    public bool IsUrgent { get; init; }
}
