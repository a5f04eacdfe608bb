using Orchestrator.Spending;

namespace Orchestrator.Tests.Spending;

/// <summary>The spans of one instance, kept as the engine keeps them.</summary>
internal static class SparedSpans
{
    /// <summary>One more list shows it.</summary>
    public static void Listed(this List<SparedSpan> spans, DateTimeOffset askedAt, BilledParts billed)
    {
        var (newest, begun) = SparedSpan.Seen(spans.LastOrDefault(), askedAt, billed);
        if (newest is not null)
        {
            spans[^1] = newest;
        }

        if (begun is not null)
        {
            spans.Add(begun);
        }
    }
}
