namespace Orchestrator.Server.Desk;

/// <param name="Attempt">Whose log.</param>
/// <param name="Offset">Of the first byte of <paramref name="Bytes"/>.</param>
/// <param name="Bytes">May be empty.</param>
/// <param name="Ended">The attempt has ended and nothing follows these bytes.</param>
public sealed record LogSlice(int Attempt, long Offset, ReadOnlyMemory<byte> Bytes, bool Ended);
