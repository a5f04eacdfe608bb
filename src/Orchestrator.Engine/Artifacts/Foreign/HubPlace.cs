namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>A part of a repository of the Hub: <c>hf://owner/name[@revision][/path]</c>, <c>hf://datasets/owner/name...</c>.</summary>
/// <param name="Kind"><c>models</c> or <c>datasets</c>.</param>
/// <param name="Repository"><c>owner/name</c>.</param>
/// <param name="Revision">Branch, tag or commit.</param>
/// <param name="Path">Below the repository, without slashes at its ends; empty for all of it.</param>
internal sealed record HubPlace(string Kind, string Repository, string Revision, string Path)
{
    internal const string Scheme = "hf://";
    private const string Datasets = "datasets";
    private const string Models = "models";

    /// <summary>Null when it is none.</summary>
    internal static HubPlace? Parse(string text)
    {
        var parts = text[Scheme.Length..].Trim('/').Split('/');
        var kind = parts[0] is Datasets or Models ? parts[0] : Models;
        var names = parts[0] is Datasets or Models ? parts[1..] : parts;
        if (names.Length < 2)
        {
            return null;
        }

        var (name, revision) = names[1].IndexOf('@', StringComparison.Ordinal) is var at and > 0 ? (names[1][..at], names[1][(at + 1)..]) : (names[1], "main");
        return IsName(names[0]) && IsName(name) && revision.Length > 0 && names[2..].All(part => part.Length > 0 && part is not ("." or ".."))
            ? new(kind, $"{names[0]}/{name}", Uri.UnescapeDataString(revision), string.Join('/', names[2..]))
            : null;
    }

    /// <summary>Below the endpoint: the page of the repository.</summary>
    internal string Page => Kind == Models ? Repository : $"{Kind}/{Repository}";

    public override string ToString() => $"{Scheme}{Kind}/{Repository}@{Uri.EscapeDataString(Revision)}/{Path}";

    /// <summary>A path as URLs have it.</summary>
    internal static string Escaped(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static bool IsName(string text) => text.Length is > 0 and <= 96 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && text is not ("." or "..");
}
