using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Orchestrator.Agent.Native;

/// <summary>What tells whether a file changed: identity, size and both times in nanoseconds.</summary>
internal readonly record struct FileStat(ulong Device, ulong Inode, long Size, long Modified, long Changed, int Mode)
{
    private const int AtCwd = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int TypeMask = 0xF000;

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsRegular => (Mode & TypeMask) == 0x8000;

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsFolder => (Mode & TypeMask) == 0x4000;

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsLink => (Mode & TypeMask) == 0xA000;

    [System.Text.Json.Serialization.JsonIgnore]
    public int Permissions => Mode & 0xFFF;

    /// <summary>Null = there is nothing at this path (or it cannot be reached).</summary>
    public static unsafe FileStat? Of(string path, bool follow)
    {
        // struct statx has the same layout on every architecture, which struct stat has not.
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* start = buffer)
        {
            if (Libc.statx(AtCwd, path, follow ? 0 : NoFollow, BasicStats, start) != 0)
            {
                return null;
            }
        }

        return new FileStat(
            ((ulong)MemoryMarshal.Read<uint>(buffer[136..]) << 32) | MemoryMarshal.Read<uint>(buffer[140..]),
            MemoryMarshal.Read<ulong>(buffer[32..]),
            (long)MemoryMarshal.Read<ulong>(buffer[40..]),
            Nanoseconds(buffer[112..]),
            Nanoseconds(buffer[96..]),
            BinaryPrimitives.ReadUInt16LittleEndian(buffer[28..]));
    }

    private static long Nanoseconds(ReadOnlySpan<byte> time) =>
        (MemoryMarshal.Read<long>(time) * 1_000_000_000) + MemoryMarshal.Read<uint>(time[8..]);
}
