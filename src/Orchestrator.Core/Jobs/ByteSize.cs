using System.Globalization;
using System.Text.Json.Serialization;

namespace Orchestrator.Jobs;

/// <summary>An amount of data in bytes. Units are decimal: 1 GB is 10^9 bytes.</summary>
[JsonConverter(typeof(ByteSizeJsonConverter))]
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    public static ByteSize FromGigabytes(decimal gigabytes) => new((long)(gigabytes * 1_000_000_000m));

    public decimal Gigabytes => Bytes / 1_000_000_000m;

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    public static bool operator <(ByteSize a, ByteSize b) => a.Bytes < b.Bytes;
    public static bool operator >(ByteSize a, ByteSize b) => a.Bytes > b.Bytes;
    public static bool operator <=(ByteSize a, ByteSize b) => a.Bytes <= b.Bytes;
    public static bool operator >=(ByteSize a, ByteSize b) => a.Bytes >= b.Bytes;

    /// <summary>The exact spelling a spec would use, in the largest unit that fits, for example <c>24GB</c> or <c>1.5TB</c>.</summary>
    public override string ToString()
    {
        ReadOnlySpan<(long Factor, string Unit)> units =
            [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
        foreach (var (factor, unit) in units)
        {
            if (Math.Abs(Bytes) >= factor)
            {
                return ((decimal)Bytes / factor).ToString("0.############", CultureInfo.InvariantCulture) + unit;
            }
        }

        return Bytes.ToString(CultureInfo.InvariantCulture) + "B";
    }
}
