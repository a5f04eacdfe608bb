using System.Globalization;

namespace Orchestrator.Agent.Progress;

/// <summary>A metric's value as trainers write it, also what is no finite number: Python's <c>nan</c> and <c>inf</c>, JavaScript's <c>Infinity</c>.</summary>
internal static class MetricNumber
{
    // The longest of one beginning first.
    private static readonly string[] Words = ["infinity", "inf", "nan"];

    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        var word = text is ['-' or '+', ..] ? text[1..] : text;
        if (word.Length > 0 && WordAt(word) == word.Length)
        {
            value = word[0] is 'n' or 'N' ? double.NaN : text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Length of such a word at the beginning of the text; 0 = there is none.</summary>
    public static int WordAt(ReadOnlySpan<char> text)
    {
        foreach (var word in Words)
        {
            if (text.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (text.Length == word.Length || !char.IsAsciiLetterOrDigit(text[word.Length]) && text[word.Length] != '_'))
            {
                return word.Length;
            }
        }

        return 0;
    }
}
