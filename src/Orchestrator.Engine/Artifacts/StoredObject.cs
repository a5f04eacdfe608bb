namespace Orchestrator.Engine.Artifacts;

/// <param name="Key">The key.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Hash">XXH128 of the content in 32 lower-case hex digits, where the store knows it (it hashed what it received); else null.</param>
/// <param name="ModifiedAt">When it was written.</param>
public sealed record StoredObject(string Key, long Size, string? Hash, DateTimeOffset ModifiedAt)
{
    /// <summary>Changes when the content does (S3: the ETag, as it stands in the header); null where nothing of the kind is known.</summary>
    public string? Version { get; init; }
}
