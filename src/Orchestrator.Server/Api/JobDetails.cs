using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.Server.Api;

/// <summary>One job with its attempts. Field names are read by scripts: add, never rename.</summary>
public sealed record JobDetails : JobSummary
{
    public JobDetails()
    {
    }

    [SetsRequiredMembers]
    public JobDetails(JobSummary summary)
        : base(summary)
    {
    }

    /// <summary>The step the newest attempt that restored a checkpoint went on from; null = none has.</summary>
    public long? ResumedAtStep { get; init; }

    /// <summary>Instances on the books that are not gone yet.</summary>
    public int InstancesLeft { get; init; }

    /// <summary>Exit code of the newest attempt whose trainer ended by itself.</summary>
    public int? ExitCode { get; init; }

    public string? Image { get; init; }

    public string? Code { get; init; }

    /// <summary>What is left after the newest checkpoint and who says so; null = nobody knows, or nothing is left.</summary>
    public PlanWork? Work { get; init; }

    /// <summary>The series that it is a run of; null = it is none's.</summary>
    public SeriesRef? Series { get; init; }

    /// <summary>What it needs and the server's configuration lacks, each with what mends it.</summary>
    public ImmutableArray<string> Troubles { get; init; } = [];

    /// <summary>It is paused, and its budget is too small for it to go on; with so many dollars it does. Null = its budget does not keep it.</summary>
    public decimal? BudgetToGoOn { get; init; }

    /// <summary>What the host it is on would do alone; null = it is on none, or on a machine of its owner's.</summary>
    public LeaseView? Lease { get; init; }

    /// <summary>All attempts, oldest first.</summary>
    public ImmutableArray<AttemptDetails> Attempts { get; init; } = [];
}
