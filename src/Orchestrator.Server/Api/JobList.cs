using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <param name="Jobs">Newest first.</param>
/// <param name="Leaks">Instances with our label that no job owns; null = not every provider was listed lately, so nobody knows.</param>
/// <param name="LeaksCheckedAt">When the providers were asked.</param>
public sealed record JobList(ImmutableArray<JobSummary> Jobs, int? Leaks = null, DateTimeOffset? LeaksCheckedAt = null)
{
    /// <summary>Null = there are none.</summary>
    public LeakedInstances? Leaked { get; init; }

    /// <summary>Series that have runs to come, by what comes first.</summary>
    public ImmutableArray<SeriesDetails> Series { get; init => field = value.IsDefault ? [] : value; } = [];
}
