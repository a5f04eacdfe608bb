using System.Buffers;
using System.Globalization;

namespace Orchestrator.Jobs;

/// <summary>Reads the scalar spellings of the spec (sizes, durations, money, fractions) and writes them back.</summary>
public static class SpecValues
{
    private const NumberStyles Plain = NumberStyles.AllowDecimalPoint;
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(3650);

    /// <summary><c>90s</c>, <c>30m</c>, <c>1h30m</c>, <c>2d</c>, <c>1.5h</c>; units from large to small, each once.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        ReadOnlySpan<(char Unit, long Ticks)> units =
            [('d', TimeSpan.TicksPerDay), ('h', TimeSpan.TicksPerHour), ('m', TimeSpan.TicksPerMinute), ('s', TimeSpan.TicksPerSecond)];
        var next = 0;
        var rest = text.AsSpan();
        decimal ticks = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9') is var end && end >= 0 && rest[end] == '.'
                ? end + 1 + Math.Max(0, rest[(end + 1)..].IndexOfAnyExceptInRange('0', '9'))
                : end;
            if (digits <= 0 || digits > 12 || digits >= rest.Length || !decimal.TryParse(rest[..digits], Plain, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            var unit = next;
            while (unit < units.Length && units[unit].Unit != rest[digits])
            {
                unit++;
            }

            if (unit == units.Length)
            {
                return false;
            }

            ticks += number * units[unit].Ticks;
            if (ticks > LongestDuration.Ticks)
            {
                return false;
            }

            next = unit + 1;
            rest = rest[(digits + 1)..];
        }

        duration = new TimeSpan((long)ticks);
        return text.Length > 0;
    }

    /// <summary>The spelling <see cref="TryDuration"/> reads.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var hours = (long)duration.TotalHours;
        var seconds = duration.Seconds + (duration.Ticks % TimeSpan.TicksPerSecond / (decimal)TimeSpan.TicksPerSecond);
        return (hours != 0 ? $"{hours}h" : "")
            + (duration.Minutes != 0 ? $"{duration.Minutes}m" : "")
            + (seconds != 0 ? seconds.ToString("0.###", CultureInfo.InvariantCulture) + "s" : "");
    }

    /// <summary><c>24GB</c>, <c>1.5 TB</c>, <c>512MiB</c>, plain bytes <c>1000B</c>. A unit is required.</summary>
    public static bool TrySize(string text, out ByteSize size)
    {
        size = default;
        var end = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        if (end <= 0 || end > 15 || !decimal.TryParse(text.AsSpan(0, end), Plain, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        decimal? factor = text[end..].Trim().ToUpperInvariant() switch
        {
            "B" => 1m,
            "KB" or "K" => 1e3m,
            "MB" or "M" => 1e6m,
            "GB" or "G" => 1e9m,
            "TB" or "T" => 1e12m,
            "KIB" => 1024m,
            "MIB" => 1024m * 1024,
            "GIB" => 1024m * 1024 * 1024,
            "TIB" => 1024m * 1024 * 1024 * 1024,
            _ => null,
        };
        if (factor is null || number * factor.Value > 1e18m)
        {
            return false;
        }

        size = new ByteSize((long)(number * factor.Value));
        return true;
    }

    /// <summary><c>0.60</c>, <c>$0.60</c>, <c>$0.60/h</c>; US dollars, not negative.</summary>
    public static bool TryMoney(string text, out Money money)
    {
        money = Money.Zero;
        var number = text.StartsWith('$') ? text[1..] : text;
        number = number.EndsWith("/h", StringComparison.Ordinal) ? number[..^2] : number;
        if (!TryNumber(number, out var dollars) || dollars > 1_000_000_000m)
        {
            return false;
        }

        money = Money.FromDollars(dollars);
        return true;
    }

    /// <summary><c>99%</c> or <c>0.99</c>, as a fraction from 0 to 1.</summary>
    public static bool TryFraction(string text, out decimal fraction)
    {
        var percent = text.EndsWith('%');
        if (!TryNumber(percent ? text[..^1].TrimEnd() : text, out fraction))
        {
            return false;
        }

        fraction = percent ? fraction / 100m : fraction;
        return fraction <= 1m;
    }

    /// <summary>A decimal number without sign, exponent or separators.</summary>
    public static bool TryNumber(string text, out decimal number)
    {
        number = 0;
        return text.Length is > 0 and <= 20 && text[0] != '.' && decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>A whole number, decimal digits only with an optional minus: 010 is ten.</summary>
    public static bool TryInteger(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && !text.StartsWith('+');

    /// <summary><c>2</c>, <c>2..4</c>, <c>2..</c>; at least 1. A bare count is exact: an offer of two cards is not an offer of one.</summary>
    public static bool TryCountRange(string text, out CountRange range)
    {
        range = CountRange.One;
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        if (!TryInteger(dots < 0 ? text : text[..dots].Trim(), out var min) || min is < 1 or > 1024)
        {
            return false;
        }

        long max = min;
        var upper = dots < 0 ? "" : text[(dots + 2)..].Trim();
        if (upper.Length > 0 && (!TryInteger(upper, out max) || max < min || max > 1024))
        {
            return false;
        }

        range = new CountRange((int)min, dots >= 0 && upper.Length == 0 ? null : (int)max);
        return true;
    }

    /// <summary><c>24GB</c> (a minimum), <c>24GB..80GB</c>, <c>..80GB</c>, <c>24GB..</c>.</summary>
    public static bool TrySizeRange(string text, out SizeRange? range)
    {
        range = null;
        var (low, high) = Split(text);
        ByteSize min = default, max = default;
        if ((low.Length == 0 && high.Length == 0) || (low.Length > 0 && !TrySize(low, out min)) || (high.Length > 0 && !TrySize(high, out max))
            || (low.Length > 0 && high.Length > 0 && max < min))
        {
            return false;
        }

        range = new SizeRange(low.Length > 0 ? min : null, high.Length > 0 ? max : null);
        return true;
    }

    /// <summary><c>8.6</c> (a minimum), <c>8.6..</c>, <c>7.5..9.0</c>.</summary>
    public static bool TryCapabilityRange(string text, out CapabilityRange? range)
    {
        range = null;
        var (low, high) = Split(text);
        decimal min = 0, max = 0;
        if ((low.Length == 0 && high.Length == 0) || (low.Length > 0 && !TryNumber(low, out min)) || (high.Length > 0 && !TryNumber(high, out max))
            || min > 99 || max > 99 || (low.Length > 0 && high.Length > 0 && max < min))
        {
            return false;
        }

        range = new CapabilityRange(low.Length > 0 ? min : null, high.Length > 0 ? max : null);
        return true;
    }

    /// <summary><c>>=12.4</c> or <c>12.4</c>: a minimum.</summary>
    public static bool TryCuda(string text, out CudaVersion version)
    {
        version = default;
        var parts = (text.StartsWith(">=", StringComparison.Ordinal) ? text[2..] : text).Trim().Split('.');
        long minor = 0;
        if (parts.Length is < 1 or > 2 || !TryInteger(parts[0], out var major) || (parts.Length == 2 && !TryInteger(parts[1], out minor))
            || major is < 8 or > 99 || minor is < 0 or > 99)
        {
            return false;
        }

        version = new CudaVersion((int)major, (int)minor);
        return true;
    }

    /// <summary><c>500Mbps</c>, <c>1Gbps</c>, or a plain number of megabits per second.</summary>
    public static bool TryBandwidth(string text, out int mbps)
    {
        mbps = 0;
        var folded = text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        var factor = folded.EndsWith("GBPS", StringComparison.Ordinal) ? 1000 : 1;
        var number = folded.EndsWith("BPS", StringComparison.Ordinal) && folded.Length > 4 && folded[^4] is 'G' or 'M' ? folded[..^4] : folded;
        if (!TryNumber(number, out var value) || value * factor > 1_000_000)
        {
            return false;
        }

        mbps = (int)(value * factor);
        return true;
    }

    private static (string Low, string High) Split(string text)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        return dots < 0 ? (text.Trim(), "") : (text[..dots].Trim(), text[(dots + 2)..].Trim());
    }
}
