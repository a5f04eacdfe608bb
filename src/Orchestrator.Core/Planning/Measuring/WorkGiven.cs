using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Jobs;

namespace Orchestrator.Planning.Measuring;

/// <summary>All of a job's work, as it is known before the job has shown enough itself.</summary>
/// <param name="Time">From the first step to the last.</param>
/// <param name="Gpu">On this card; null = any.</param>
/// <param name="GpuCount">How many of it.</param>
/// <param name="TotalSteps">Null = nobody says.</param>
/// <param name="Checkpoint">Size of one; null = unknown.</param>
/// <param name="Source">Who says so.</param>
/// <param name="Words">For people.</param>
public sealed record WorkGiven(TimeSpan Time, string? Gpu, int GpuCount, long? TotalSteps, ByteSize? Checkpoint, WorkSource Source, string Words)
{
    /// <summary>
    /// A rehearsal is of this very work and outranks what a person guessed; earlier jobs only stand in where nobody guessed, since
    /// what is in their data and files may have changed.
    /// </summary>
    /// <param name="estimate">The spec's.</param>
    /// <param name="total">Steps by the spec.</param>
    /// <param name="earlier">Newest first.</param>
    public static WorkGiven? Of(Estimate? estimate, long? total, ImmutableArray<WorkMeasured> earlier)
    {
        if (earlier.FirstOrDefault(one => one.Source == WorkSource.Rehearsal) is { } rehearsed)
        {
            return Of(rehearsed, total, string.Create(CultureInfo.InvariantCulture, $"rehearsal {rehearsed.Name}, {rehearsed.At.UtcDateTime:d MMM}{Steps(rehearsed)}"));
        }

        var jobs = earlier.Where(one => one.Source == WorkSource.ImageHistory).ToList();
        if (estimate is not null)
        {
            return new(estimate.Time, estimate.Model, estimate.Count, total, estimate.CheckpointSize ?? jobs.FirstOrDefault()?.Checkpoint, WorkSource.Spec, "the spec's estimate");
        }

        if (jobs is not [var newest, ..])
        {
            return null;
        }

        // The middle one of those on the newest one's cards: one that was cut short by hand or ran with other data is no measure.
        var alike = jobs.Where(one => (one.Gpu, one.GpuCount) == (newest.Gpu, newest.GpuCount)).OrderBy(one => one.Work).ToList();
        return Of(alike[(alike.Count - 1) / 2], total, string.Create(
            CultureInfo.InvariantCulture, $"history: the same work{JobPace.On(newest.Gpu, newest.GpuCount)} in {alike.Count} earlier job{(alike.Count == 1 ? "" : "s")}, newest {newest.Name}{Steps(newest)}"));
    }

    private static WorkGiven Of(WorkMeasured measured, long? total, string words) =>
        new(measured.Work, measured.Gpu, Math.Max(1, measured.GpuCount), total ?? measured.TotalSteps, measured.Checkpoint, measured.Source, words);

    private static string Steps(WorkMeasured measured) => measured is { TotalSteps: { } steps, SecondsPerStep: { } pace }
        ? string.Create(CultureInfo.InvariantCulture, $": {steps:#,0} steps x {JobPace.Digits(pace)} s")
        : "";
}
