namespace Orchestrator.Engine.Artifacts.Foreign;

/// <param name="Path">Below the repository.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsLarge">Kept beside the repository, and given out by signed URLs.</param>
internal sealed record HubFile(string Path, long Size, bool IsLarge);
