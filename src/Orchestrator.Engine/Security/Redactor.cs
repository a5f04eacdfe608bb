using System.Buffers;
using System.Text;

namespace Orchestrator.Engine.Security;

/// <summary>Takes known secrets out of text that people or files get to see, in plain and in the usual encodings. Thread-safe.</summary>
public sealed class Redactor
{
    /// <summary>Shorter values are left alone: replacing every "on" or "42" would destroy the text and hide nothing.</summary>
    public const int ShortestSecret = 4;

    private readonly (string Pattern, string Replacement)[] _patterns;
    private readonly SearchValues<string> _search;

    /// <param name="secrets">Values by the name that is shown in their place.</param>
    public Redactor(IEnumerable<KeyValuePair<string, string>> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        // Longest first: of two secrets that begin alike the longer one must go, or its end would stay.
        _patterns =
        [
            .. secrets
                .Where(secret => secret.Value.Length >= ShortestSecret)
                .SelectMany(secret => SecretForms.Of(secret.Value).Select(form => (Pattern: form, Replacement: $"[secret {secret.Key}]")))
                .OrderByDescending(entry => entry.Pattern.Length)
                .ThenBy(entry => entry.Pattern, StringComparer.Ordinal)
                .ThenBy(entry => entry.Replacement, StringComparer.Ordinal)
                .DistinctBy(entry => entry.Pattern),
        ];
        _search = SearchValues.Create([.. _patterns.Select(entry => entry.Pattern)], StringComparison.Ordinal);
    }

    /// <summary>The text without the secrets; the same string where there is none in it.</summary>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var next = text.AsSpan().IndexOfAny(_search);
        if (next < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (next >= 0)
        {
            result.Append(rest[..next]);
            rest = rest[next..];
            var (pattern, replacement) = At(rest);
            result.Append(replacement);
            rest = rest[pattern.Length..];
            next = rest.IndexOfAny(_search);
        }

        return result.Append(rest).ToString();
    }

    private (string Pattern, string Replacement) At(ReadOnlySpan<char> text)
    {
        foreach (var entry in _patterns)
        {
            if (text.StartsWith(entry.Pattern, StringComparison.Ordinal))
            {
                return entry;
            }
        }

        throw new InvalidOperationException("the search found a pattern that does not begin here");
    }
}
