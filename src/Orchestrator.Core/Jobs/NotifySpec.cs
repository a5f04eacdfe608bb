using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>Who is told what.</summary>
public sealed record NotifySpec
{
    /// <summary>Channel names; empty is the server's default.</summary>
    public ImmutableArray<string> To { get; init; } = [];

    /// <summary>Of <see cref="NotifyTopics.OfJobs"/>.</summary>
    public ImmutableArray<string> On { get; init; } = NotifyTopics.OfJobsUnasked;
}
