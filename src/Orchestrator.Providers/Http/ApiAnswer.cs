using System.Net;

namespace Orchestrator.Providers.Http;

/// <summary>What came back, read to its end.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Text">The body as text, without our secrets.</param>
/// <param name="Fields">The body as JSON; <see cref="ApiFields.None"/> where it is none.</param>
/// <param name="RetryAfter">Where the API said when to ask again.</param>
public sealed record ApiAnswer(HttpStatusCode Status, string Text, ApiFields Fields, TimeSpan? RetryAfter)
{
    private const int Shown = 300;

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body for a person: one line, shortened, no markup of a gateway's page.</summary>
    public string Words
    {
        get
        {
            var plain = Text.TrimStart().StartsWith('<') ? "a page of HTML, no answer of the API" : string.Join(' ', Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return plain.Length switch
            {
                0 => "an empty answer",
                > Shown => string.Concat(plain.AsSpan(0, Shown), "..."),
                _ => plain,
            };
        }
    }
}
