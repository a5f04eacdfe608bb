using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Images;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Submitting;

/// <summary>What a retried job takes over from the former one as it was pinned then: all that nobody changed.</summary>
/// <param name="Former">The former job's spec.</param>
/// <param name="Sets">Paths that were set for the retry.</param>
internal sealed record KeptPins(StoredSpec Former, ImmutableArray<string> Sets)
{
    /// <summary>Where the former job keeps its checkpoints.</summary>
    public string Store => Former.Store ?? StoreSet.BuiltIn;

    /// <summary>Null = it is looked up anew.</summary>
    public StoredImage? Image(JobSpec spec) => !IsSet("image") && Former.Spec.Image == spec.Image && Former.Spec.RegistryAuth == spec.RegistryAuth ? Former.Image : null;

    /// <summary>The code's source, if any, as it was; null = it is read anew.</summary>
    public ImmutableArray<StageSource>? Code(JobSpec spec, StorePlace home) =>
        IsSame(home) && IsBesideSame(spec) && !IsSet("code") && Text(Former.Spec.Code) == Text(spec.Code) ? [.. Former.Sources.Take(CodeCount)] : null;

    /// <summary>The same for the data.</summary>
    public ImmutableArray<StageSource>? Data(JobSpec spec, StorePlace home) =>
        IsSame(home) && IsBesideSame(spec) && !IsSet("data") && Text(Former.Spec.Data) == Text(spec.Data) ? [.. Former.Sources.Skip(CodeCount)] : null;

    /// <summary>The code is pinned first, and is one source.</summary>
    private int CodeCount => Former.Spec.Code is null ? 0 : 1;

    /// <summary>Local files were brought into that store and into no other.</summary>
    private bool IsSame(StorePlace home) => home.ToString() == Store;

    /// <summary>What lies in the checkpoint folder here was left out by where that was.</summary>
    private bool IsBesideSame(JobSpec spec) => Former.Spec.Checkpoints?.Path == spec.Checkpoints?.Path;

    private bool IsSet(string field) => Sets.Any(path => path == field || path.StartsWith(field + ".", StringComparison.Ordinal) || path.StartsWith(field + "[", StringComparison.Ordinal));

    private static string Text(CodeSource? code) => code is null ? "" : JsonSerializer.Serialize(code, StoredSpecJson.Default.CodeSource);

    private static string Text(ImmutableArray<DataMount> data) => JsonSerializer.Serialize(data, StoredSpecJson.Default.ImmutableArrayDataMount);
}
