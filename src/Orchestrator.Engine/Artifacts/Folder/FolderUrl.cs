namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>What one signed URL of a folder store allows; every field is under the signature.</summary>
internal sealed record FolderUrl
{
    internal required string Method { get; init; }

    internal required string Key { get; init; }

    internal required DateTimeOffset Expires { get; init; }

    /// <summary>Exact bytes of a PUT.</summary>
    internal long Size { get; init; }

    /// <summary>0 = not a part.</summary>
    internal int Part { get; init; }

    internal string UploadId { get; init; } = "";

    /// <summary>Of a GET: the object must still be this; empty = whatever is there.</summary>
    internal string Version { get; init; } = "";

    /// <summary>The key must not exist yet.</summary>
    internal bool Once { get; init; }
}
