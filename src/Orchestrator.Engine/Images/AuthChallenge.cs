using System.Net.Http.Headers;
using System.Text;

namespace Orchestrator.Engine.Images;

/// <summary>What a registry asks for in <c>WWW-Authenticate</c>.</summary>
/// <param name="Scheme"><c>Bearer</c> or <c>Basic</c>, lower-case.</param>
/// <param name="Parameters"><c>realm</c>, <c>service</c>, <c>scope</c>; quotes taken off.</param>
internal sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    internal static AuthChallenge Parse(AuthenticationHeaderValue header)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var text = header.Parameter ?? "";
        for (var at = 0; at < text.Length;)
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0)
            {
                break;
            }

            var name = text[at..equals].Trim(' ', ',');
            (var value, at) = Value(text, equals + 1);
            // The first counts, as everywhere in HTTP.
            parameters.TryAdd(name, value);
        }

        return new(header.Scheme.ToLowerInvariant(), parameters);
    }

    /// <summary>A scope holds commas, so the header cannot simply be split at them.</summary>
    private static (string Value, int Next) Value(string text, int at)
    {
        if (at >= text.Length || text[at] != '"')
        {
            var comma = text.IndexOf(',', at);
            return comma < 0 ? (text[at..].Trim(), text.Length) : (text[at..comma].Trim(), comma + 1);
        }

        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            value.Append(text[at]);
        }

        return (value.ToString(), at + 1);
    }
}
