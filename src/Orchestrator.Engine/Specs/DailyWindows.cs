using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Hours of the day as instants, clock changes included: the kernel knows no zones.</summary>
public static class DailyWindows
{
    /// <summary>Days that are resolved; a job that lasts longer repeats the last of them, which a clock change may then shift by an hour.</summary>
    private const int Days = 60;

    /// <summary>Those that are not over at <paramref name="from"/>, oldest first. A window that a clock change swallows is left out.</summary>
    public static ImmutableArray<TimeWindow> Resolve(ClockWindow hours, TimeZoneInfo zone, DateTimeOffset from)
    {
        var windows = ImmutableArray.CreateBuilder<TimeWindow>(Days + 1);
        var today = TimeZoneInfo.ConvertTime(from, zone).Date;
        for (var day = -1; day < Days; day++)
        {
            var date = today.AddDays(day);
            var begin = Calendar.Resolve(date + hours.Start.ToTimeSpan(), zone);
            var end = Calendar.Resolve(date.AddDays(hours.End <= hours.Start ? 1 : 0) + hours.End.ToTimeSpan(), zone);
            if (end > from && begin < end)
            {
                windows.Add(new TimeWindow(begin, end));
            }
        }

        return windows.ToImmutable();
    }
}
