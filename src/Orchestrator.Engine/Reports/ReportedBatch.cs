namespace Orchestrator.Engine.Reports;

/// <summary>A batch of the report.</summary>
public sealed record ReportedBatch
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Jobs of it that lived in the period; those that are done, failed, and have not ended.</summary>
    public required int Jobs { get; init; }

    public required int Done { get; init; }

    public required int Failed { get; init; }

    public required int Live { get; init; }

    /// <summary>Within the period.</summary>
    public Spend Spent { get; init; } = Spend.None;

    /// <summary>Null = its jobs share none.</summary>
    public Money? Budget { get; init; }

    /// <summary>Of those that are done; null = they report no figures.</summary>
    public BestResult? Best { get; init; }
}
