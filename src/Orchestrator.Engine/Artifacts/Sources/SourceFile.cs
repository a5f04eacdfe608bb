namespace Orchestrator.Engine.Artifacts.Sources;

/// <param name="Path">Below the source; empty when the source is this file.</param>
/// <param name="FullPath">What to open, links resolved.</param>
/// <param name="Size">Bytes when it was listed.</param>
/// <param name="Mode">Unix permission bits.</param>
internal sealed record SourceFile(string Path, string FullPath, long Size, int Mode);
