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

    /// <summary>Where APIs put what is meant to be read.</summary>
    private static readonly string[] _wordy = ["msg", "message", "detail", "title", "error"];

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>
    /// The body for a person: one line, shortened. Of JSON only what the API itself calls its words, else the names of its fields: their
    /// values may be keys and environments.
    /// </summary>
    public string Words => Fields.IsNone
        ? Text.TrimStart().StartsWith('<') ? "a page of HTML, no answer of the API" : Shortened(Text, "an empty answer")
        : Fields.IsObject ? Said(Fields) ?? Named(Fields)
        : Fields.IsArray ? "a list"
        : Shortened(Fields.Text, "an answer without words");

    private static string? Said(ApiFields fields) =>
        _wordy.Select(name => fields[name].Text).Concat(_wordy.Select(name => fields["error"][name].Text)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) is { } words ? OneLine.Of(words, Shown) : null;

    private static string Named(ApiFields fields)
    {
        var names = string.Join(", ", fields.Members.Select(member => OneLine.Of(member.Name, 40)).Take(12));
        return names.Length > 0 ? $"an answer with {names}" : "an answer with nothing in it";
    }

    private static string Shortened(string? text, string instead) => OneLine.Of(text, Shown) is { Length: > 0 } words ? words : instead;
}
