using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>The timeline as people want it: without bookkeeping, and each reason once, where it was first given.</summary>
public static class Timeline
{
    public static IEnumerable<TimelineEntry> Told(IEnumerable<TimelineEntry> timeline)
    {
        // The end of a trainer, of its attempt and of its job are three events with one reason.
        HashSet<(int?, string)> said = [];
        int? attempt = null;
        foreach (var entry in timeline.Where(entry => !entry.IsBookkeeping))
        {
            attempt = entry.Attempt ?? attempt;
            if (said.Add((attempt, entry.Why)))
            {
                yield return entry;
            }
        }
    }
}
