using System.Text.Json.Serialization;

namespace Orchestrator.Recovery;

/// <summary>What an ended attempt means for the job.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecoveryClass>))]
public enum RecoveryClass
{
    /// <summary>Nothing is wrong with the place; only what the spec's <c>on-failure</c> allows.</summary>
    RetrySame,
    RetryElsewhere,
    Wait,
    GiveUp,
}
