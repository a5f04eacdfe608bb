using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Jobs;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Specs;

/// <summary>A spec as it is stored with its job: expanded, with its sources pinned, so that the third attempt runs what the first ran.</summary>
public sealed record StoredSpec
{
    public required JobSpec Spec { get; init; }

    /// <summary>Code and data, content-addressed in the store.</summary>
    public ImmutableArray<StageSource> Sources { get; init; } = [];

    public static StoredSpec Parse(string json) =>
        JsonSerializer.Deserialize(json, StoredSpecJson.Default.StoredSpec) ?? throw new InvalidDataException("a stored spec is null");

    public string ToJson() => JsonSerializer.Serialize(this, StoredSpecJson.Default.StoredSpec);

    /// <summary>Objects an attempt of the job may read besides the job's own.</summary>
    public IReadOnlySet<string> SourceKeys() => Sources.SelectMany(source => source.Files).Select(file => file.Key).ToHashSet(StringComparer.Ordinal);
}
