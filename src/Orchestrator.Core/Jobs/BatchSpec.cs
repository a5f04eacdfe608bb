namespace Orchestrator.Jobs;

/// <summary>What the jobs of a batch share.</summary>
public sealed record BatchSpec
{
    public required string Name { get; init; }

    public Money? Budget { get; init; }

    public DeadlineSpec? Deadline { get; init; }

    public bool ReuseHosts { get; init; }
}
