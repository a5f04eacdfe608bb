namespace Orchestrator.Spending;

/// <summary>
/// From when on an instance is billed; what is free in between its provider's lists say (<see cref="BilledParts"/>). What they cost, and in which units, is on the offer. The defaults are the dearest rules,
/// for whoever publishes none.
/// </summary>
public sealed record BillingRules
{
    public static readonly BillingRules Dearest = new();

    public BillingStart Compute { get; init; }

    public BillingStart Disk { get; init; }
}
