namespace Orchestrator.Protocol;

/// <param name="Path">Below the source's target; empty = the target itself is the file.</param>
/// <param name="Key">Object in the store.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Hash">XXH128, 32 lower-case hex digits; empty = not known: the URL is signed for the version that was recorded.</param>
/// <param name="Mode">Unix permission bits.</param>
public sealed record StageFile(string Path, string Key, long Size, string Hash, int Mode);
