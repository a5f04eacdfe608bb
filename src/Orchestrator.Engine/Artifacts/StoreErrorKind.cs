namespace Orchestrator.Engine.Artifacts;

public enum StoreErrorKind
{
    Unknown = 0,
    NotFound,
    Exists,
    /// <summary>The keys are wrong, missing, expired, or may not do this.</summary>
    Denied,
    Full,
    Invalid,
    Transient,
    /// <summary>The store asks for fewer requests.</summary>
    SlowDown,
    /// <summary>One of the two clocks is wrong by more than the store puts up with.</summary>
    ClockSkew,
    /// <summary>The bucket, or the store of that name, is not there.</summary>
    NoBucket,
    /// <summary>No trusted TLS connection.</summary>
    Tls,
}
