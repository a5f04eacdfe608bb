namespace Orchestrator.Spending;

/// <summary>From when a part of an instance is billed.</summary>
public enum BillingStart
{
    /// <summary>From the create call on.</summary>
    Created,
    /// <summary>From when it ran: pulling and booting are free.</summary>
    Running,
}
