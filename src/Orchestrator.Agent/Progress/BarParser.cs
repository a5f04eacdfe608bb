using System.Globalization;

namespace Orchestrator.Agent.Progress;

/// <summary>
/// Progress bars: tqdm (<c> 45%|####  | 450/1000 [00:10&lt;00:12, 44.5it/s, loss=0.12]</c>) and Lightning's, which count anew in each
/// epoch (<c>Epoch 3:  45%|…| 450/1000 […]</c>, <c>Epoch 3/9 ━━━ 450/1000 0:00:10 • …  loss: 0.12</c>).
/// </summary>
internal static class BarParser
{
    // Bars of other work than training.
    private static readonly string[] Noise =
        ["download", "map", "generat", "load", "eval", "valid", "test", "predict", "filter", "token", "fetch", "sav", "extract", "resolv", "sanity", "cache", "upload"];

    public static ProgressReading? Parse(string line, bool lightning)
    {
        var epoch = Epoch(line, out var epochs, out var afterEpoch);
        var searchFrom = lightning ? afterEpoch : 0;
        if (lightning && epoch is null)
        {
            return null;
        }

        if (!line.Contains("%|", StringComparison.Ordinal) && !(lightning && line.Contains('━', StringComparison.Ordinal)))
        {
            return null;
        }

        var lower = line.ToLowerInvariant();
        if (lower[..Math.Min(lower.Length, 60)] is var head && Noise.Any(word => head.Contains(word, StringComparison.Ordinal)))
        {
            return null;
        }

        var bar = line.LastIndexOf('|');
        if (Fraction(line, Math.Max(searchFrom, bar < 0 ? 0 : bar + 1)) is not var (done, of, after) || of <= 0 || done > of)
        {
            return null;
        }

        var metrics = MetricText.Pairs(line.AsSpan(after));
        return lightning && epoch is { } number
            ? new ProgressReading((number * of) + done, epochs is { } all ? all * of : null, metrics)
            : new ProgressReading(done, of, metrics);
    }

    /// <summary><c>450/1000</c> with plain numbers; sizes such as 1.2G/4G are downloads.</summary>
    private static (long Done, long Of, int After)? Fraction(string line, int from)
    {
        for (var slash = line.IndexOf('/', from); slash > 0; slash = line.IndexOf('/', slash + 1))
        {
            var start = slash;
            while (start > from && char.IsAsciiDigit(line[start - 1]))
            {
                start--;
            }

            var end = slash + 1;
            while (end < line.Length && char.IsAsciiDigit(line[end]))
            {
                end++;
            }

            var clean = (start == 0 || line[start - 1] is ' ' or '|') && (end == line.Length || line[end] is ' ' or '[');
            if (clean && long.TryParse(line.AsSpan(start, slash - start), NumberStyles.None, CultureInfo.InvariantCulture, out var done)
                && long.TryParse(line.AsSpan(slash + 1, end - slash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var of))
            {
                return (done, of, end);
            }
        }

        return null;
    }

    private static long? Epoch(string line, out long? epochs, out int after)
    {
        epochs = null;
        after = 0;
        var at = line.IndexOf("Epoch ", StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var end = at + "Epoch ".Length;
        var value = Number(line, ref end);
        if (value is not null && end < line.Length && line[end] == '/')
        {
            end++;
            // Lightning counts from 0 and shows the last epoch's number.
            epochs = Number(line, ref end) + 1;
        }

        after = end;
        return value;
    }

    private static long? Number(string line, ref int at)
    {
        var start = at;
        while (at < line.Length && char.IsAsciiDigit(line[at]))
        {
            at++;
        }

        return long.TryParse(line.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
