namespace Orchestrator.Server.Api;

/// <param name="Path">Relative path with forward slashes; validated before it is used on any disk.</param>
/// <param name="Key">The object, to be asked for with <c>files?key=</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Hash">XXH128 in hex where known.</param>
public sealed record StoredFile(string Path, string Key, long Size, string? Hash);
