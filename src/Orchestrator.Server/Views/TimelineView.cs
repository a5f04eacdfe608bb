using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>What of a job's events a person reads as its story; <c>events</c> shows all of them.</summary>
public static class TimelineView
{
    /// <summary>Notes the kernel makes for itself.</summary>
    private static readonly ImmutableHashSet<string> _bookkeeping =
    [
        "agent-events-applied", "retirement-acknowledged", "absence-noted", "absence-refuted", "launch-sent", "destroy-accepted", "checkpoint-reported",
        "checkpoint-retired", "checkpoint-deleted", "save-answered",
    ];

    public static IEnumerable<TimelineEntry> Story(IEnumerable<TimelineEntry> timeline) => timeline.Where(entry => !_bookkeeping.Contains(entry.Kind));
}
