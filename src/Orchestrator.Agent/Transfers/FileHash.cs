using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Transfers;

/// <summary>XXH128 of a file, whole and by parts, in one reading.</summary>
internal sealed record FileHash(string Whole, ImmutableArray<UInt128> Parts, long Length)
{
    /// <summary>Objects beyond this go up in parts of this size.</summary>
    public const long PartSize = 64L << 20;

    private const int Buffer = 256 * 1024;

    public UInt128 WholeHash => UInt128.Parse(Whole, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static string Text(UInt128 hash) => hash.ToString("x32", CultureInfo.InvariantCulture);

    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<FileHash> OfAsync(string path, CancellationToken cancellation)
    {
        using var file = RegularFile.Open(path);
        var whole = new XxHash128();
        var part = new XxHash128();
        var parts = ImmutableArray.CreateBuilder<UInt128>();
        var buffer = new byte[Buffer];
        var inPart = 0L;
        var length = 0L;
        int read;
        while ((read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, (int)Math.Min(Buffer, PartSize - inPart)), length, cancellation)) > 0)
        {
            length += read;
            whole.Append(buffer.AsSpan(0, read));
            part.Append(buffer.AsSpan(0, read));
            inPart += read;
            if (inPart == PartSize)
            {
                parts.Add(part.GetCurrentHashAsUInt128());
                part.Reset();
                inPart = 0;
            }
        }

        if (inPart > 0 || parts.Count == 0)
        {
            parts.Add(part.GetCurrentHashAsUInt128());
        }

        return new FileHash(Text(whole.GetCurrentHashAsUInt128()), parts.ToImmutable(), length);
    }
}
