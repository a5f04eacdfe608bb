using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Engine.Images;
using Orchestrator.Jobs;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Specs;

/// <summary>A spec as it is stored with its job: expanded, with its sources pinned, so that the third attempt runs what the first ran.</summary>
public sealed record StoredSpec
{
    public required JobSpec Spec { get; init; }

    /// <summary>Null = the job runs without a container.</summary>
    public StoredImage? Image { get; init; }

    /// <summary>The commit that <c>code.git</c> meant; null = the code is no repository.</summary>
    public string? Commit { get; init; }

    /// <summary>Code and data, content-addressed in the store.</summary>
    public ImmutableArray<StageSource> Sources { get; init; } = [];

    /// <summary>Where the job's objects lie, <c>store[/prefix/]</c>; null = in the folder that every installation has (jobs from before there was a choice).</summary>
    public string? Store { get; init; }

    // The generated reader sets what the text lacks to null: specs from before these fields lack them.

    /// <summary>Where sources lie that were not brought into the job's own store, by what their keys begin with.</summary>
    public ImmutableSortedDictionary<string, string> Origins { get; init => field = value ?? ImmutableSortedDictionary<string, string>.Empty; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What those objects were when the job was submitted, by key.</summary>
    public ImmutableSortedDictionary<string, string> Versions { get; init => field = value ?? ImmutableSortedDictionary<string, string>.Empty; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Where outputs go that are not kept beside the checkpoints, by their number in the spec.</summary>
    public ImmutableSortedDictionary<int, string> Deliveries { get; init => field = value ?? ImmutableSortedDictionary<int, string>.Empty; } = ImmutableSortedDictionary<int, string>.Empty;

    /// <summary>How it was handed in; null in specs of older releases, which did not keep that.</summary>
    public SubmittedAs? As { get; init; }

    /// <summary>It is a rehearsal; null = it is the job itself.</summary>
    public RehearsedSpec? Rehearsal { get; init; }

    public static StoredSpec Parse(string json) =>
        JsonSerializer.Deserialize(json, StoredSpecJson.Default.StoredSpec) ?? throw new InvalidDataException("a stored spec is null");

    public string ToJson() => JsonSerializer.Serialize(this, StoredSpecJson.Default.StoredSpec);

    /// <summary>Objects an attempt of the job may read besides the job's own.</summary>
    public IReadOnlySet<string> SourceKeys() => Sources.SelectMany(source => source.Files).Select(file => file.Key).ToHashSet(StringComparer.Ordinal);
}
