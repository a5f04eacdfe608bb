namespace Orchestrator.Spending;

/// <summary>
/// Which times of an instance its provider bills. What they cost, and in which units, is on the offer. The defaults are the dearest rules,
/// for whoever publishes none.
/// </summary>
public sealed record BillingRules
{
    public static readonly BillingRules Dearest = new();

    public BillingStart Compute { get; init; }

    public BillingStart Disk { get; init; }

    /// <summary>Of one that its provider stopped: the card is free by then with all of them, the disk with some.</summary>
    public bool DiskWhileStopped { get; init; } = true;
}
