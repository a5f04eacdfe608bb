using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Reconciling;

namespace Orchestrator.Rehearsals;

/// <summary>What a rehearsal would have needed, by what it has seen.</summary>
internal static class RehearsalMoney
{
    /// <summary>Beside what is expected: hosts differ, and the last upload wants its reserve.</summary>
    private const double Margin = 1.5;

    /// <summary>What to say after the money ended.</summary>
    public static string Advice(RehearsalRecord record, JobState state)
    {
        if (state.Attempts.FirstOrDefault(attempt => attempt.TrainingStartedAt is not null) is not { } first)
        {
            return "its host was not ready in that time; allow more: --max";
        }

        var begins = first.TrainingStartedAt!.Value - (first.BilledFrom ?? first.PlannedAt);
        var trained = (first.TrainingEndedAt ?? first.EndingSince ?? first.PhaseSince) - first.TrainingStartedAt.Value;
        // Where no checkpoint came, nobody knows when one would have: twice as long as was waited for is a guess that is said to be one.
        var between = Between(record, first) ?? trained * 2;
        var needed = first.Offer.PerHour.PerHourFor(((begins * 2) + (between * (RehearsalCourse.Saves + 1))) * Margin);
        var cents = Math.Max(decimal.Ceiling(needed.Dollars * 10) / 10, decimal.Ceiling(((state.Terms.MaxTotal ?? Money.Zero).Dollars * 1.5m) * 10) / 10);
        return record.Saves.IsEmpty
            ? string.Create(CultureInfo.InvariantCulture, $"save more often, or allow more: about --max {cents:0.00}, if it saves within {Minutes(between)}")
            : string.Create(CultureInfo.InvariantCulture, $"it saves every {Minutes(between)}: allow about --max {cents:0.00}");
    }

    /// <summary>Time to the first checkpoint, or between the newest two of one attempt; null = there was none.</summary>
    public static TimeSpan? Between(RehearsalRecord record, Attempt attempt)
    {
        var times = record.Saves.Where(save => save.Attempt == attempt.Number && save.At is not null).OrderBy(save => save.Ordinal).Select(save => save.At!.Value).ToList();
        return times switch
        {
            [.., var before, var last] when last > before => last - before,
            [var only, ..] when attempt.TrainingStartedAt is { } from && only > from => only - from,
            _ => null,
        };
    }

    private static string Minutes(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min");
}
