using System.Collections.Immutable;

namespace Orchestrator.Batches;

/// <summary>One combination of a matrix: what one job of the batch is run with.</summary>
/// <param name="values">In the order in which they are shown; no name twice.</param>
public sealed class MatrixCell(IEnumerable<KeyValuePair<string, string>> values)
{
    /// <summary>In the order of the matrix, what <c>include</c> adds after it.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Values { get; } = [.. values];

    /// <summary><c>lr=3e-3,betas="0.9,0.99",seed=2</c>: what has a comma is quoted.</summary>
    public override string ToString() => string.Join(',', Values.Select(value => $"{value.Key}={Quoted(value.Value)}"));

    /// <summary>What <see cref="ToString"/> made; a part that is no <c>name=value</c> belongs to the value before it, as older releases wrote them.</summary>
    public static MatrixCell Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var values = new List<KeyValuePair<string, string>>();
        for (var at = 0; at < text.Length;)
        {
            var end = EndOf(text, at);
            var part = text[at..end];
            if (part.IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
            {
                values.Add(new(part[..equals], Unquoted(part[(equals + 1)..])));
            }
            else if (values.Count > 0)
            {
                values[^1] = new(values[^1].Key, $"{values[^1].Value},{part}");
            }

            at = end + 1;
        }

        return new MatrixCell(values);
    }

    /// <summary>Of the part that begins there: the next comma outside of quotes.</summary>
    private static int EndOf(string text, int at)
    {
        var quoted = false;
        for (; at < text.Length && (quoted || text[at] != ','); at++)
        {
            quoted ^= text[at] == '"';
        }

        return at;
    }

    private static string Quoted(string value) =>
        value.Contains(',', StringComparison.Ordinal) || value.Contains('"', StringComparison.Ordinal) ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;

    private static string Unquoted(string value) =>
        value is ['"', .. var inner, '"'] ? inner.Replace("\"\"", "\"", StringComparison.Ordinal) : value;
}
