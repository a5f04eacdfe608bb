using Cronos;

namespace Orchestrator.Engine.Specs;

/// <summary>
/// The instants of a five-field cron expression in a zone. Fields are matched with local times, and those are resolved as everywhere
/// (<see cref="Calendar.Resolve"/>): nothing is lost in the gap of a clock change, and nothing happens twice in its overlap.
/// </summary>
public static class CronCalendar
{
    private const int LongestText = 200;

    /// <summary>The newest instant is looked for in spans that grow, so that neither a minute's rhythm nor a year's costs much.</summary>
    private static readonly TimeSpan[] _spans = [TimeSpan.FromHours(2), TimeSpan.FromDays(2), TimeSpan.FromDays(62), TimeSpan.FromDays(366 * 9)];

    /// <param name="text">As written.</param>
    /// <param name="cron">With single spaces between its fields.</param>
    public static bool TryRead(string text, out string cron)
    {
        ArgumentNullException.ThrowIfNull(text);
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        cron = string.Join(' ', fields);
        return fields.Length == 5 && text.Length < LongestText && CronExpression.TryParse(cron, CronFormat.Standard, out _);
    }

    /// <summary>The first instant after another; null = there is none.</summary>
    public static DateTimeOffset? Next(string cron, TimeZoneInfo zone, DateTimeOffset after)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var fields = CronExpression.Parse(cron, CronFormat.Standard);
        for (var local = TimeZoneInfo.ConvertTime(after, zone).DateTime; fields.GetNextOccurrence(DateTime.SpecifyKind(local, DateTimeKind.Utc)) is { } next; local = next)
        {
            // Several local times of a gap are one instant, and the second pass of an overlap is none.
            if (Calendar.Resolve(next, zone) is var instant && instant > after)
            {
                return instant;
            }
        }

        return null;
    }

    /// <summary>Those after an instant, oldest first.</summary>
    public static IEnumerable<DateTimeOffset> From(string cron, TimeZoneInfo zone, DateTimeOffset after)
    {
        while (Next(cron, zone, after) is { } next)
        {
            yield return after = next;
        }
    }

    /// <summary>The newest instant that is not after <paramref name="now"/>.</summary>
    /// <param name="cron">The expression.</param>
    /// <param name="zone">Its zone.</param>
    /// <param name="due">One of its instants, not after <paramref name="now"/>: what is given where there is none since.</param>
    /// <param name="now">The instant.</param>
    public static DateTimeOffset Newest(string cron, TimeZoneInfo zone, DateTimeOffset due, DateTimeOffset now)
    {
        foreach (var span in _spans)
        {
            var from = now - span > due ? now - span : due;
            var found = From(cron, zone, from).TakeWhile(at => at <= now).LastOrDefault(due);
            if (found > due || from == due)
            {
                return found;
            }
        }

        return due;
    }
}
