using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Orchestrator.Server.Api;

/// <param name="Step">Newest step the trainer reported.</param>
/// <param name="Total">Steps in all; null = the trainer does not say.</param>
/// <param name="At">When the step last rose.</param>
/// <param name="SecondsPerStep">Measured over the current attempt; null while it cannot be told.</param>
public sealed record StepProgress(long Step, long? Total, DateTimeOffset? At, double? SecondsPerStep)
{
    /// <summary>The newest figures the trainer reported: loss and the like. What is no finite number is written as text, <c>"NaN"</c>.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public ImmutableSortedDictionary<string, double> Metrics { get; init; } = ImmutableSortedDictionary<string, double>.Empty;
}
