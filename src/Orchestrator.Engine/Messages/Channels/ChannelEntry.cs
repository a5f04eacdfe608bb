using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Messages.Channels;

/// <summary>One of <c>channels</c>.</summary>
/// <param name="Name">As <c>notify</c> calls it.</param>
/// <param name="Way">How its messages get there.</param>
public sealed record ChannelEntry(string Name, ChannelWay Way)
{
    /// <summary>Of <see cref="NotifyTopics.OfChannels"/>: what it takes where no spec says otherwise.</summary>
    public ImmutableArray<string> On { get; init; } = NotifyTopics.OfChannelsUnasked;

    /// <summary>False = only for jobs whose spec names it.</summary>
    public bool IsDefault { get; init; } = true;

    /// <summary>Hours of the day in which only what is urgent is sent; the rest waits for their end.</summary>
    public ClockWindow? Quiet { get; init; }
}
