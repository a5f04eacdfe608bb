using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Phases;

/// <summary>When the spec's schedule lets an attempt begin.</summary>
internal static class Schedule
{
    /// <summary>Each step goes on to the next window; two kinds that did not meet within so many have no instant in common.</summary>
    private const int MostSteps = 1000;

    /// <summary>The first instant from <paramref name="at"/> on; <see cref="DateTimeOffset.MaxValue"/> = never.</summary>
    public static DateTimeOffset OpenFrom(JobState state, Policies policies, DateTimeOffset at)
    {
        var start = state.Terms.NotBefore is { } first && first > at ? first : at;
        var open = InHours(state, policies, start);

        // A deadline that would be missed is worth more than the right hour.
        return state.Net?.LatestStart is { } latest && latest < open ? (latest > start ? latest : start) : open;
    }

    private static DateTimeOffset InHours(JobState state, Policies policies, DateTimeOffset start)
    {
        for (var step = 0; step < MostSteps; step++)
        {
            var before = start;
            foreach (var (windows, reserve) in Windows(state, policies))
            {
                if (TimeWindows.At(windows, start, reserve) is not { } window)
                {
                    return DateTimeOffset.MaxValue;
                }

                start = window.From > start ? window.From : start;
            }

            if (start == before)
            {
                return start;
            }
        }

        return DateTimeOffset.MaxValue;
    }

    /// <summary>When what is open at <paramref name="now"/> closes; <see cref="DateTimeOffset.MaxValue"/> = never.</summary>
    public static DateTimeOffset ClosesAt(JobState state, Policies policies, DateTimeOffset now)
    {
        var closes = DateTimeOffset.MaxValue;
        foreach (var (windows, reserve) in Windows(state, policies))
        {
            closes = TimeWindows.At(windows, now, reserve) is { } window && window.Until < closes ? window.Until : closes;
        }

        return closes;
    }

    /// <summary>The start's hours are for the first attempt only.</summary>
    private static IEnumerable<(ImmutableArray<TimeWindow> Windows, TimeSpan Reserve)> Windows(JobState state, Policies policies)
    {
        if (state.Attempts.IsEmpty && !state.Terms.StartWindows.IsEmpty)
        {
            yield return (state.Terms.StartWindows, TimeSpan.Zero);
        }

        if (!state.Terms.RunWindows.IsEmpty)
        {
            yield return (state.Terms.RunWindows, RunWindow.Reserve(state, policies));
        }
    }
}
