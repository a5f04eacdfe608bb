namespace Orchestrator.Agent.Progress;

/// <summary>Finds <c>name=1.5</c> and <c>name: 1.5</c> in free text.</summary>
internal static class MetricText
{
    private const int Most = 16;
    private const int LongestName = 64;

    public static List<(string, double)> Pairs(ReadOnlySpan<char> text)
    {
        var found = new List<(string, double)>();
        var at = 0;
        while (at < text.Length && found.Count < Most)
        {
            var sign = text[at..].IndexOfAny('=', ':');
            if (sign < 0)
            {
                break;
            }

            sign += at;
            var nameEnd = sign;
            while (nameEnd > at && text[nameEnd - 1] is '\'' or '"')
            {
                nameEnd--;
            }

            var nameStart = nameEnd;
            while (nameStart > at && IsNameCharacter(text[nameStart - 1]))
            {
                nameStart--;
            }

            var valueStart = sign + 1;
            while (valueStart < text.Length && text[valueStart] is ' ' or '\'' or '"')
            {
                valueStart++;
            }

            var valueEnd = valueStart;
            while (valueEnd < text.Length && (char.IsAsciiDigit(text[valueEnd]) || text[valueEnd] is '.' or '-' or '+' or 'e' or 'E'))
            {
                valueEnd++;
            }

            valueEnd += MetricNumber.WordAt(text[valueEnd..]);
            var name = text[nameStart..nameEnd];
            if (name.Length is > 0 and <= LongestName && (char.IsAsciiLetter(name[0]) || name[0] == '_')
                && MetricNumber.TryParse(text[valueStart..valueEnd], out var value))
            {
                found.Add((name.ToString(), value));
                at = valueEnd;
            }
            else
            {
                at = sign + 1;
            }
        }

        return found;
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '.' or '-';
}
