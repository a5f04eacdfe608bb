namespace Orchestrator.Batches;

/// <summary>What a person asked of a batch as a whole.</summary>
public sealed record BatchRules
{
    public required string Name { get; init; }

    /// <summary>Jobs with instances at one time; null = as many as there are.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>Jobs that must have shown progress and stored a checkpoint before any other starts.</summary>
    public int Canary { get; init; }

    /// <summary>One failure ends all.</summary>
    public bool FailFast { get; init; }

    /// <summary>Most that all jobs together may cost; null = each has its own budget, or none.</summary>
    public Money? Budget { get; init; }
}
