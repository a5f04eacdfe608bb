namespace Orchestrator.Engine.Artifacts;

/// <param name="Key">The key.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Hash">XXH128 of the content in 32 lower-case hex digits, where the store knows it (it hashed what it received); else null.</param>
/// <param name="ModifiedAt">When it was written.</param>
public sealed record StoredObject(string Key, long Size, string? Hash, DateTimeOffset ModifiedAt);
