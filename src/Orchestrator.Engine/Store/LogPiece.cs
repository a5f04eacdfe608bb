namespace Orchestrator.Engine.Store;

/// <param name="Start">Byte offset of the first byte of <paramref name="Data"/> in the attempt's log.</param>
/// <param name="Data">The bytes as the trainer wrote them; may begin or end within a character.</param>
/// <param name="End">Length of the stored log: there is more while <c>Start + Data.Length &lt; End</c>.</param>
public readonly record struct LogPiece(long Start, byte[] Data, long End);
