using System.Globalization;
using System.Text;

namespace Orchestrator.Engine.Messages;

/// <summary>Text from hosts, providers and trainers, fit to be shown on somebody's phone.</summary>
internal static class MessageWords
{
    private const int LongestLine = 300;

    /// <summary>One line without control characters.</summary>
    public static string Line(string? text, int longest = LongestLine)
    {
        var clean = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (clean.Length >= longest - 1)
            {
                return clean.Append('…').ToString();
            }

            clean.Append(IsHidden(rune) ? " " : rune.ToString());
        }

        return clean.ToString().Trim();
    }

    /// <summary>The last lines of a log: of what carriage returns overwrote the last state, without colours.</summary>
    public static string LastLines(string log, int most)
    {
        ArgumentNullException.ThrowIfNull(log);
        return string.Join('\n', log.Split('\n').Select(line => Line(Uncoloured(line.TrimEnd('\r').Split('\r')[^1]))).Where(line => line.Length > 0).TakeLast(most));
    }

    /// <summary><c>3m12s</c>, <c>2h03m</c>, <c>4d06h</c>.</summary>
    public static string For(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)time.TotalSeconds)} s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m{time.Seconds:00}s"),
        { TotalHours: < 24 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h{time.Minutes:00}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays}d{time.Hours:00}h"),
    };

    /// <summary>Without escape sequences: ESC [ parameters and a final letter.</summary>
    private static string Uncoloured(string line)
    {
        var clean = new StringBuilder(line.Length);
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '\e' && at + 1 < line.Length && line[at + 1] == '[')
            {
                for (at += 2; at < line.Length && line[at] is < '@' or > '~'; at++)
                {
                }

                continue;
            }

            clean.Append(line[at]);
        }

        return clean.ToString();
    }

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
