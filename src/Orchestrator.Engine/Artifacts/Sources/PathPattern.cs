using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Engine.Artifacts.Sources;

/// <summary>
/// One line in the language of <c>.gitignore</c>, which include and exclude lists speak too: <c>*</c>, <c>?</c>, <c>[a-z]</c>,
/// <c>**</c>, a slash that anchors, a trailing slash for folders, <c>!</c> to take back.
/// </summary>
internal sealed class PathPattern
{
    private readonly Regex _regex;
    private readonly bool _foldersOnly;

    private PathPattern(Regex regex, bool negated, bool foldersOnly)
    {
        _regex = regex;
        _foldersOnly = foldersOnly;
        IsNegated = negated;
    }

    internal bool IsNegated { get; }

    /// <summary>Null for an empty line, a comment or a pattern that can match nothing.</summary>
    internal static PathPattern? Parse(string line)
    {
        var text = TrimEnd(line.TrimEnd('\r'));
        if (text.Length == 0 || text[0] == '#')
        {
            return null;
        }

        var negated = text[0] == '!';
        text = negated ? text[1..] : text;
        var foldersOnly = text.EndsWith('/');
        text = foldersOnly ? text[..^1] : text;
        if (text.Length == 0)
        {
            return null;
        }

        // A slash that is not the last character ties the pattern to the folder of its file.
        var anchored = text.Contains('/', StringComparison.Ordinal);
        text = text[0] == '/' ? text[1..] : text;
        return Translate(text) is { } body && TryRegex((anchored ? @"\A" : @"\A(?:.*/)?") + body + @"\z") is { } regex
            ? new(regex, negated, foldersOnly)
            : null;
    }

    /// <param name="path">Below the folder the pattern belongs to, forward slashes.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    internal bool Matches(string path, bool isFolder) => (isFolder || !_foldersOnly) && _regex.IsMatch(path);

    // Non-backtracking: patterns come from people's repositories, and no pattern may take for ever.
    private static Regex? TryRegex(string pattern)
    {
        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        }
        catch (ArgumentException)
        {
            // Such as [z-a]: git matches nothing with it, so do we.
            return null;
        }
    }

    private static string? Translate(string glob)
    {
        StringBuilder regex = new();
        for (var i = 0; i < glob.Length; i++)
        {
            switch (glob[i])
            {
                case '*' when IsDoubleStar(glob, i):
                    i = DoubleStar(glob, i, regex);
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                case '[':
                    if (Bracket(glob, i, regex) is not { } end)
                    {
                        return null;
                    }

                    i = end;
                    break;
                case '\\' when i + 1 == glob.Length:
                    return null;
                case '\\':
                    regex.Append(Regex.Escape(glob[++i].ToString()));
                    break;
                default:
                    regex.Append(Regex.Escape(glob[i].ToString()));
                    break;
            }
        }

        return regex.ToString();
    }

    // Two stars are special only where they are a whole part of the path.
    private static bool IsDoubleStar(string glob, int at) =>
        at + 1 < glob.Length && glob[at + 1] == '*' && (at == 0 || glob[at - 1] == '/') && (at + 2 == glob.Length || glob[at + 2] == '/');

    private static int DoubleStar(string glob, int at, StringBuilder regex)
    {
        if (at + 2 == glob.Length)
        {
            regex.Append(".+");
            return at + 1;
        }

        // "**/" is any number of folders, none included.
        regex.Append("(?:.*/)?");
        return at + 2;
    }

    private static int? Bracket(string glob, int at, StringBuilder regex)
    {
        var i = at + 1;
        var negated = i < glob.Length && glob[i] is '!' or '^';
        i = negated ? i + 1 : i;
        StringBuilder members = new();
        for (var first = i; i < glob.Length && (glob[i] != ']' || i == first); i++)
        {
            if (glob[i] == '\\' && ++i == glob.Length)
            {
                return null;
            }

            members.Append(glob[i] is '\\' or '[' or ']' or '^' ? "\\" + glob[i] : glob[i]);
        }

        if (i >= glob.Length)
        {
            return null;
        }

        // A slash is never matched by a bracket; subtracting it keeps that for ranges too.
        regex.Append(negated ? "[^/" : "[").Append(members).Append(']');
        return i;
    }

    // Spaces at the end do not count unless a backslash says so.
    private static string TrimEnd(string line)
    {
        var end = line.Length;
        while (end > 0 && line[end - 1] == ' ' && (end < 2 || line[end - 2] != '\\'))
        {
            end--;
        }

        return line[..end];
    }
}
