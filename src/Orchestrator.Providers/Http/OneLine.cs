using System.Text;

namespace Orchestrator.Providers.Http;

/// <summary>Somebody else's words for our messages: one line, no control characters, bounded.</summary>
internal static class OneLine
{
    public static string Of(string? words, int most = 300)
    {
        var text = new StringBuilder();
        var gap = false;
        foreach (var rune in (words ?? "").EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
            {
                gap = text.Length > 0;
                continue;
            }

            if (text.Length >= most)
            {
                return text.Append("...").ToString();
            }

            text.Append(gap ? " " : "").Append(rune);
            gap = false;
        }

        return text.ToString();
    }
}
