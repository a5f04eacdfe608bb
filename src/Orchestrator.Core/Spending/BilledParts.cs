namespace Orchestrator.Spending;

/// <summary>What of an instance its provider bills while it is in a state that the provider tells of.</summary>
public enum BilledParts
{
    /// <summary>Cards and disk; also whatever the provider's documents leave open.</summary>
    All,
    /// <summary>It is there and its cards are free: booting, or stopped.</summary>
    DiskOnly,
    /// <summary>Its host is offline, or what is stopped is free there.</summary>
    None,
}
