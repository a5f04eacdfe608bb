namespace Orchestrator.Engine.Store.Views;

/// <summary>Which jobs a list shows.</summary>
public sealed record JobFilter
{
    /// <summary>False: live jobs, and those that ended within three days (a weekend and the Monday after).</summary>
    public bool All { get; init; }

    /// <summary>Submitted at or after this.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary><c>key=value</c>, or <c>key</c> alone for any value.</summary>
    public string? Label { get; init; }

    /// <summary>Those of one batch only, however long ago they ended; null = whatever batch they belong to.</summary>
    public long? Batch { get; init; }

    /// <summary>At most so many, but never fewer than live.</summary>
    public int Limit { get; init; } = 500;
}
