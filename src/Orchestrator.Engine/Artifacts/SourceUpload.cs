using System.Collections.Immutable;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Artifacts;

/// <summary>What became of a job's local sources.</summary>
public sealed record SourceUpload
{
    /// <summary>In the order asked for; empty when there are problems.</summary>
    public required ImmutableArray<StageSource> Sources { get; init; }

    /// <summary>One line each, for the person who submits.</summary>
    public required ImmutableArray<string> Problems { get; init; }

    /// <summary>Files that were not in the store yet.</summary>
    public int Uploaded { get; init; }

    public long UploadedBytes { get; init; }

    /// <summary>XXH128 over the listing (paths, sizes, hashes, modes): two submits of the same content have the same.</summary>
    public string Digest { get; init; } = "";
}
