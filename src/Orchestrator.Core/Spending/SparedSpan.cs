namespace Orchestrator.Spending;

/// <summary>
/// A time in which a provider's lists said that it does not bill all of an instance. Only what lies between two such lists is spared: before
/// the first and after the last nobody knows, and what nobody knows counts as billed.
/// </summary>
/// <param name="From">The first list that said so was asked for.</param>
/// <param name="Until">The newest.</param>
/// <param name="Billed">What was billed all the same.</param>
/// <param name="OverAt">The first list that said otherwise; null = none did.</param>
public sealed record SparedSpan(DateTimeOffset From, DateTimeOffset Until, BilledParts Billed, DateTimeOffset? OverAt = null)
{
    /// <summary>What one more list that shows the instance makes of its newest span. A list that lacks it says nothing.</summary>
    /// <param name="newest">Null = it has none.</param>
    /// <param name="askedAt">When the list was asked for; what was asked for before the newest span's end comes too late to count.</param>
    /// <param name="billed">What the list says.</param>
    /// <returns>The newest span as it is now, and one that begins; null = there is none.</returns>
    public static (SparedSpan? Newest, SparedSpan? Begun) Seen(SparedSpan? newest, DateTimeOffset askedAt, BilledParts billed)
    {
        var begun = billed == BilledParts.All ? null : new SparedSpan(askedAt, askedAt, billed);
        if (newest is null)
        {
            return (null, begun);
        }

        if (askedAt <= (newest.OverAt ?? newest.Until))
        {
            return (newest, null);
        }

        return newest switch
        {
            { OverAt: not null } => (newest, begun),
            _ when newest.Billed == billed => (newest with { Until = askedAt }, null),
            _ => (newest with { OverAt = askedAt }, begun),
        };
    }
}
