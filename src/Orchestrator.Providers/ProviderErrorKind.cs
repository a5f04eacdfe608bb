namespace Orchestrator.Providers;

/// <summary>The closed set of what can go wrong at a provider.</summary>
public enum ProviderErrorKind
{
    /// <summary>An answer nobody foresaw; treated as Transient, and shown.</summary>
    Unknown = 0,
    NoCapacity,
    Rejected,
    RateLimited,
    Unauthorized,
    InsufficientFunds,
    NotFound,
    /// <summary>The API itself has changed or was retired.</summary>
    Gone,
    /// <summary>Network, time-out, 5xx: nobody knows whether the call took effect.</summary>
    Transient,
}
