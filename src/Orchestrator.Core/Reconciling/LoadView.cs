namespace Orchestrator.Reconciling;

/// <summary>What an instance of the job holds and moves, as the plan has it: it is billed beside the hours.</summary>
public sealed record LoadView
{
    public long DiskBytes { get; init; }

    public long ImageBytes { get; init; }

    public long DataBytes { get; init; }

    public long CheckpointBytes { get; init; }

    /// <summary>What the stores charge for a gigabyte that leaves them; the dearest of those the job reads from.</summary>
    public Money EgressPerGB { get; init; }
}
