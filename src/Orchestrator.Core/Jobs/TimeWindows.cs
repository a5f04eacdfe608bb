using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>
/// The hours in which something is allowed, resolved to instants when the job was submitted: oldest first, apart from each
/// other, one or a few a day. What lies beyond the last of them repeats it every 24 hours.
/// </summary>
public static class TimeWindows
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    /// <summary>When so much time in the windows has gone by since <paramref name="from"/>.</summary>
    /// <param name="windows">Empty = every hour counts.</param>
    /// <param name="from">The instant.</param>
    /// <param name="time">What is to pass.</param>
    /// <param name="reserve">Time at a window's end that does not count; null where no window is longer than it.</param>
    public static DateTimeOffset? After(ImmutableArray<TimeWindow> windows, DateTimeOffset from, TimeSpan time, TimeSpan reserve = default)
    {
        for (; !windows.IsEmpty; )
        {
            if (At(windows, from, reserve) is not { } window || from.Year > 2200)
            {
                return null;
            }

            from = window.From > from ? window.From : from;
            if (window.Until - from is var open && open >= time)
            {
                break;
            }

            (from, time) = (window.Until, time - open);
        }

        return from + time;
    }

    /// <summary>The window that holds <paramref name="at"/>, or the next one after it.</summary>
    /// <param name="windows">Not empty.</param>
    /// <param name="at">The instant.</param>
    /// <param name="reserve">Time before its end in which a window counts as closed; a window shorter than that is none.</param>
    /// <returns>With <see cref="TimeWindow.Until"/> already less the reserve; null where no window is longer than it.</returns>
    public static TimeWindow? At(ImmutableArray<TimeWindow> windows, DateTimeOffset at, TimeSpan reserve = default)
    {
        foreach (var window in windows)
        {
            if (window.Until - reserve is var until && until > at && until > window.From)
            {
                return window with { Until = until };
            }
        }

        var last = windows[^1];
        if (last.Until - reserve <= last.From)
        {
            return null;
        }

        var days = ((at - (last.Until - reserve)).Ticks / _day.Ticks) + 1;
        return new TimeWindow(last.From + (days * _day), last.Until - reserve + (days * _day));
    }
}
