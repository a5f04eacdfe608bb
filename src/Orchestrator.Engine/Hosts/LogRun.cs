namespace Orchestrator.Engine.Hosts;

/// <param name="Offset">Byte offset of its first byte in the attempt's log.</param>
/// <param name="Data">What may be stored.</param>
public readonly record struct LogRun(long Offset, ReadOnlyMemory<byte> Data);
