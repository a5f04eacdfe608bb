using Orchestrator.Jobs;

namespace Orchestrator.Engine.Reports;

/// <summary>A job of the report.</summary>
public sealed record ReportedJob
{
    public required JobId Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The batch's number; null = it belongs to none.</summary>
    public long? Batch { get; init; }

    /// <summary>The values of the matrix that it is run with; null = it is of no matrix.</summary>
    public string? Cell { get; init; }

    /// <summary>At the end of the period; None = it cannot be read, or is not kept any more.</summary>
    public JobPhase Phase { get; init; }

    /// <summary>Why, for a person.</summary>
    public string Reason { get; init; } = "";

    public bool IsRehearsal { get; init; }

    /// <summary>Within the period.</summary>
    public Spend Spent { get; init; } = Spend.None;

    public InterruptionCount Interruptions { get; init; } = InterruptionCount.None;
}
