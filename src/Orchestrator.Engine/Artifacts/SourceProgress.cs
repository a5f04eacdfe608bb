namespace Orchestrator.Engine.Artifacts;

/// <param name="Files">Files done, uploaded or found there.</param>
/// <param name="OfFiles">Of so many.</param>
/// <param name="Bytes">Bytes of the files done.</param>
/// <param name="OfBytes">Of so many.</param>
public sealed record SourceProgress(int Files, int OfFiles, long Bytes, long OfBytes);
