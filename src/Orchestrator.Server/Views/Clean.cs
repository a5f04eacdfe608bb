using System.Globalization;
using System.Text;

namespace Orchestrator.Server.Views;

/// <summary>
/// Makes text from elsewhere (names, reasons, log lines) fit to be shown: no escape sequence reaches a terminal, nothing
/// turns the writing direction, no line becomes two.
/// </summary>
public static class Clean
{
    private const char Substitute = '\uFFFD';

    /// <summary>One line of at most <paramref name="longest"/> characters.</summary>
    public static string Line(string? text, int longest = 400)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var clean = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= longest - 1)
            {
                return clean.Append('…').ToString();
            }

            clean.Append(Shown(rune));
        }

        return clean.ToString();
    }

    /// <summary>A log line for a terminal: the last state of what carriage returns overwrote, colours only, tabs kept.</summary>
    public static string LogLine(string line, bool keepColours)
    {
        ArgumentNullException.ThrowIfNull(line);
        var visible = line.TrimEnd('\r');
        var overwritten = visible.LastIndexOf('\r');
        visible = overwritten >= 0 ? visible[(overwritten + 1)..] : visible;
        var clean = new StringBuilder(visible.Length);
        for (var at = 0; at < visible.Length; at++)
        {
            if (visible[at] == '\e' && EscapeLength(visible.AsSpan(at)) is > 0 and var length)
            {
                if (keepColours && visible[at + length - 1] == 'm')
                {
                    clean.Append(visible, at, length);
                }

                at += length - 1;
                continue;
            }

            clean.Append(visible[at] is '\t' || !IsHidden(visible[at]) ? visible[at] : Substitute);
        }

        return clean.ToString();
    }

    /// <summary>Length of a CSI sequence (ESC [ parameters final); 0 = something else.</summary>
    private static int EscapeLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 3 || text[1] != '[')
        {
            return 0;
        }

        for (var at = 2; at < text.Length && at < 32; at++)
        {
            if (text[at] is >= '@' and <= '~')
            {
                return at + 1;
            }

            if (text[at] is < ' ' or > '?')
            {
                return 0;
            }
        }

        return 0;
    }

    private static string Shown(Rune rune) => rune.Value switch
    {
        '\n' or '\r' or '\t' => " ",
        _ => rune.IsBmp && IsHidden((char)rune.Value) ? Substitute.ToString() : rune.ToString(),
    };

    private static bool IsHidden(char letter) =>
        CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
