using System.Text.Json.Serialization;

namespace Orchestrator.Reconciling;

/// <summary>Why a provider positively refused a launch.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RefusalKind>))]
public enum RefusalKind
{
    NoCapacity,
    Rejected,
    RateLimited,
    Unauthorized,
    InsufficientFunds,
    NotFound,
    Gone,
}
