namespace Orchestrator.Checkpoints;

/// <summary>One file of a checkpoint.</summary>
public sealed record ManifestFile
{
    /// <summary>Path below the checkpoint folder with forward slashes, beginning with the entry; never absolute, never with <c>..</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Object that holds its bytes; of an older checkpoint when the file had not changed.</summary>
    public required string Key { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>XXH128 of the content, 32 lower-case hex digits.</summary>
    public required string Hash { get; init; }

    /// <summary>Unix permission bits.</summary>
    public int Mode { get; init; } = 0b110_100_100;
}
