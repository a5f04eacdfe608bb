using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Rehearsals;

namespace Orchestrator.Engine.Rehearsals;

/// <summary>A rehearsal as it is stored.</summary>
/// <param name="Job">Its own job.</param>
/// <param name="Name">The job that is rehearsed.</param>
/// <param name="Stamp">What its end proves.</param>
/// <param name="Record">What was seen and decided.</param>
/// <param name="Figures">What was measured; null before its end, and where nothing was.</param>
/// <param name="EndedAt">When nothing of it was left; null = it goes on.</param>
public sealed record RehearsalRow(JobId Job, string Name, ImmutableSortedDictionary<string, string> Stamp, RehearsalRecord Record, RehearsalFigures? Figures, DateTimeOffset? EndedAt)
{
    /// <summary>As people call it.</summary>
    public string Title => TitleOf(Job);

    public static string TitleOf(JobId job) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"r-{job.Value}");
}
