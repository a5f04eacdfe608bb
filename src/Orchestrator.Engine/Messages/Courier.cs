using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Messages;

/// <summary>Carries stored messages through their channels, each channel apart from the others: one that hangs holds up none but itself.</summary>
public sealed class Courier(MessageStore messages, AlertStore alerts, ChannelSet channels, MessageSender sender, EngineOptions options, TimeProvider time, ILogger<Courier> log) : BackgroundService
{
    /// <summary>Another server may try what one that died had in its hands.</summary>
    private static readonly TimeSpan _lease = MessageSender.Limit * 3;

    /// <summary>A channel that failed so often for one message is a person's to mend.</summary>
    private const int TriesBeforeAlert = 3;

    private static readonly TimeSpan _firstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _longestPause = TimeSpan.FromHours(1);

    /// <summary>What is older helps nobody.</summary>
    private static readonly TimeSpan _oldest = TimeSpan.FromDays(1);

    /// <summary>When a message is tried again; null = never.</summary>
    /// <param name="tries">How often it was tried.</param>
    /// <param name="age">How old it is.</param>
    public static TimeSpan? Again(int tries, TimeSpan age)
    {
        var pause = TimeSpan.FromTicks((long)Math.Min(_firstPause.Ticks * Math.Pow(3, Math.Max(0, tries - 1)), _longestPause.Ticks));
        return age + pause > _oldest ? null : pause;
    }

    /// <returns>False: none was due, or it did not get through.</returns>
    public async Task<bool> CarryOneAsync(ChannelEntry channel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (await messages.ClaimAsync(channel.Name, _lease, cancellation) is not { } message)
        {
            return false;
        }

        if (time.GetUtcNow() - message.At > _oldest)
        {
            await messages.FailedAsync(message.Id, channel.Name, "it was a day old before anybody could send it", null, cancellation);
            return true;
        }

        try
        {
            await sender.SendAsync(channel, message, cancellation);
        }
        catch (Exception trouble) when (!cancellation.IsCancellationRequested)
        {
            // What nobody thought of is a failed try like any other; its words may hold what a log must not.
            var words = trouble is ChannelException ? trouble.Message : trouble.GetType().Name;
            var tries = message.Tries + 1;
            var again = Again(tries, time.GetUtcNow() - message.At);
            await messages.FailedAsync(message.Id, channel.Name, words, again, cancellation);
            log.LogWarning("message {Message} did not get through {Channel} ({Tries}. try): {Words}", message.Id, channel.Name, tries, words);
            if (tries >= TriesBeforeAlert)
            {
                await alerts.RaiseAsync(AlertKinds.Channel, channel.Name, $"messages do not get through channel {channel.Name}: {words}; try it: orchestrator notify test {channel.Name}", cancellation);
            }

            return false;
        }

        await messages.DeliveredAsync(message.Id, channel.Name, cancellation);
        await alerts.ResolveAsync(AlertKinds.Channel, channel.Name, cancellation);
        return true;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(channels.Entries.Select(channel => CarryAsync(channel, stoppingToken)));

    private async Task CarryAsync(ChannelEntry channel, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(options.MessagesEvery);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            try
            {
                while (await CarryOneAsync(channel, cancellation))
                {
                }
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                log.LogError(failure, "channel {Channel} could not be served; it is tried again", channel.Name);
            }
        }
    }
}
