using System.Collections.Immutable;
using Orchestrator.Engine.Messages;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>The configured channels, and how their messages fare.</summary>
public sealed class EngineChannelDesk(ChannelSet channels, MessageStore messages, MessageSender sender, JobStore jobs) : IChannelDesk
{
    private const string Area = "notify";

    public async Task<ImmutableArray<ChannelView>> ListAsync(CancellationToken cancellation)
    {
        var troubles = await messages.TroublesAsync(cancellation);
        return [.. channels.Entries.Select(entry => new ChannelView(entry.Name, entry.Way.Kind, entry.IsDefault, entry.On, entry.Quiet?.ToString(), troubles.GetValueOrDefault(entry.Name)))];
    }

    public async Task<ImmutableArray<DoctorCheck>> TestAsync(string? name, CancellationToken cancellation)
    {
        var wanted = channels.Entries.Where(entry => name is null || entry.Name == name).ToList();
        if (wanted.Count == 0 && name is not null)
        {
            throw new DeskException(Refusal.NotFound, $"there is no channel \"{name}\"", "orchestrator notify list names them; add it under channels in orchestrator.yaml");
        }

        var message = new Message
        {
            Id = 0, At = await jobs.NowAsync(cancellation), Topic = "test", Title = "Orchestrator can reach you",
            Text = $"Sent by {Environment.MachineName} for trying; nothing has happened.",
        };
        return [.. await Task.WhenAll(wanted.Select(entry => TestAsync(entry, message, cancellation)))];
    }

    public async Task<ImmutableArray<DoctorCheck>> LookAsync(CancellationToken cancellation) =>
    [
        .. (await ListAsync(cancellation)).Select(channel => channel.Trouble is { } trouble
            ? new DoctorCheck(Area, "bad", $"{channel.Name} ({channel.Kind}): {trouble}", $"mend channels.{channel.Name} in orchestrator.yaml, then: orchestrator notify test {channel.Name}")
            : new DoctorCheck(Area, "ok", $"{channel.Name} ({channel.Kind}) has had no trouble; try it: orchestrator notify test {channel.Name}")),
    ];

    private async Task<DoctorCheck> TestAsync(ChannelEntry entry, Message message, CancellationToken cancellation)
    {
        try
        {
            await sender.SendAsync(entry, message, cancellation);
            return new(Area, "ok", $"{entry.Name} ({entry.Way.Kind}): delivered");
        }
        catch (ChannelException refused)
        {
            return new(Area, "bad", $"{entry.Name} ({entry.Way.Kind}): {refused.Message}", $"mend channels.{entry.Name} in orchestrator.yaml");
        }
    }
}
