using Orchestrator.Jobs;

namespace Orchestrator.Engine.Messages;

/// <summary>A message on its way through one channel.</summary>
public sealed record Message
{
    /// <summary>The same in every channel and at every try: whoever gets it twice can tell.</summary>
    public required long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Of <see cref="NotifyTopics"/>, or <c>test</c>.</summary>
    public required string Topic { get; init; }

    public required string Title { get; init; }

    public required string Text { get; init; }

    /// <summary>Null = it is no single job's.</summary>
    public JobId? Job { get; init; }

    /// <summary>It was tried so often before.</summary>
    public int Tries { get; init; }
}
