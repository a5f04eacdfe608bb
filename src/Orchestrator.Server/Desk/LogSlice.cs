namespace Orchestrator.Server.Desk;

/// <param name="Offset">Of the first byte of <paramref name="Bytes"/>.</param>
/// <param name="Bytes">May be empty.</param>
/// <param name="AtEnd">No more is stored after these bytes.</param>
public sealed record LogSlice(long Offset, ReadOnlyMemory<byte> Bytes, bool AtEnd);
