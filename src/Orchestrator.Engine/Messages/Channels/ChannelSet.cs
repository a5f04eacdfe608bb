using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Messages.Channels;

/// <summary>The configured channels, and who hears what.</summary>
/// <param name="entries">In the order of the configuration.</param>
/// <param name="zone">Of their quiet hours.</param>
public sealed class ChannelSet(ImmutableArray<ChannelEntry> entries, TimeZoneInfo zone)
{
    public ImmutableArray<ChannelEntry> Entries => entries;

    public ChannelEntry? Find(string name) => entries.FirstOrDefault(entry => entry.Name == name);

    /// <summary>What a spec names and nobody configured.</summary>
    public IEnumerable<string> Missing(NotifySpec? notify) => (notify?.To ?? []).Where(name => Find(name) is null);

    /// <summary>
    /// Who hears it, and when at the earliest. Channels that the job's spec names come instead of the default ones (unless none of them
    /// is left), topics that it names instead of the channel's.
    /// </summary>
    public ImmutableArray<(string Channel, DateTimeOffset DueAt)> Route(NewMessage message, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(message);
        var asked = message.Notify;
        var named = entries.Where(entry => asked?.To.Contains(entry.Name) == true).ToList();
        return
        [
            .. from entry in named.Count > 0 ? named : entries.Where(entry => entry.IsDefault)
               where entry.Name != message.NotBy
               where (asked?.On ?? entry.On).Contains(message.Topic)
               select (entry.Name, message.IsUrgent ? now : AfterQuiet(entry.Quiet, now)),
        ];
    }

    private DateTimeOffset AfterQuiet(ClockWindow? quiet, DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        if (quiet?.Contains(TimeOnly.FromDateTime(local)) != true)
        {
            return now;
        }

        var end = local.Date + quiet.End.ToTimeSpan();
        end = end > local ? end : end.AddDays(1);
        // An hour that a summer-time change leaves out ends when the clock has jumped over it.
        end = zone.IsInvalidTime(end) ? end.AddHours(1) : end;
        return new DateTimeOffset(end, zone.GetUtcOffset(end)).ToUniversalTime();
    }
}
