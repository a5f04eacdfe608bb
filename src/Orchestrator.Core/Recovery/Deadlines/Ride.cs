namespace Orchestrator.Recovery.Deadlines;

/// <summary>Where a job runs, or does not.</summary>
/// <param name="Place">Where it runs; idle, where its newest checkpoint lies, -1 before the first start.</param>
public readonly record struct Ride(RideKind Kind, int Place)
{
    public static readonly Ride Nowhere = new(RideKind.Idle, -1);
}
