using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Values that several fields share and that are more than one scalar's spelling.</summary>
internal static partial class Values
{
    public const string SlugRule = "a name of at most 63 lower-case letters, digits and hyphens";

    private static readonly string[] Signals = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGTERM", "SIGCONT", "SIGALRM", "SIGWINCH"];

    public static bool TrySlug(string text, out string slug)
    {
        slug = text;
        return SlugPattern().IsMatch(text);
    }

    /// <summary>The file's name as a slug, for a spec without a name.</summary>
    public static string SlugOf(string fileName)
    {
        var name = Path.GetFileNameWithoutExtension(fileName);
        var slug = NotSlug().Replace(name.ToLowerInvariant(), "-").Trim('-');
        slug = slug.Length > 63 ? slug[..63].TrimEnd('-') : slug;
        return slug.Length == 0 ? "job" : slug;
    }

    public static bool TrySignal(string text, out string signal)
    {
        var upper = text.ToUpperInvariant();
        signal = upper.StartsWith("SIG", StringComparison.Ordinal) ? upper : "SIG" + upper;
        return Signals.Contains(signal);
    }

    public static bool TryEnvName(string text) => EnvName().IsMatch(text);

    /// <summary>An absolute container path without <c>..</c>; null with a problem otherwise. A trailing slash is dropped.</summary>
    public static string? AbsolutePath(SpecScope scope, SpecNode? node, string path) =>
        scope.TryRead<string>(node, path, TryAbsolutePath, "an absolute path such as /ckpt (not / itself, no ..)", out var value) ? value : null;

    public static bool TryAbsolutePath(string text, out string path)
    {
        path = text.TrimEnd('/');
        return path.Length is > 1 and <= 1024 && path[0] == '/' && !path.Split('/').Contains("..") && !path.Any(char.IsControl);
    }

    public static ImmutableArray<string> Texts(SpecScope scope, SpecNode? node, string path)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var (item, at) in Items(scope, node, path, "a list"))
        {
            if (item is ScalarNode { HasExpression: true } expression)
            {
                texts.Add(expression.Value);
            }
            else if (scope.TryRead<string>(item, at, NotEmpty, "text", out var text))
            {
                texts.Add(text);
            }
        }

        return texts.ToImmutable();
    }

    /// <summary>The items of a list with their paths; a scalar counts as a list of one, a mapping is a problem.</summary>
    public static IEnumerable<(SpecNode Item, string Path)> Items(SpecScope scope, SpecNode? node, string path, string expected)
    {
        if (node is ListNode list)
        {
            for (var index = 0; index < list.Items.Count; index++)
            {
                var at = SpecPlaces.Item(path, index);
                scope.Written(at, list.Items[index]);
                yield return (list.Items[index], at);
            }
        }
        else if (node is ScalarNode)
        {
            yield return (node, path);
        }
        else if (node is not null)
        {
            scope.Problems.Error(node, path, $"{path}: a mapping where {expected} belongs", "write " + expected);
        }
    }

    /// <summary>A map of texts with keys as written. Values are taken literally: <c>on</c>, <c>010</c> and <c>~</c> stay what they are.</summary>
    public static ImmutableSortedDictionary<string, string> Map(SpecScope scope, SpecNode? node, string path, Func<string, bool>? validKey = null, string keyRule = "")
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        void Put(SpecNode place, string key, SpecNode value, string text)
        {
            var at = $"{path}.{key}";
            if (validKey is not null && !validKey(key))
            {
                scope.Problems.Error(place, at, $"{path}: \"{key}\" is not {keyRule}", "rename it");
            }
            else if (!map.TryAdd(key, text))
            {
                scope.Problems.Error(place, at, $"{path}: {key} is given twice", "keep one");
            }

            scope.Written(at, value);
        }

        switch (node)
        {
            case null:
                break;
            case MapNode entries:
                foreach (var (key, value) in entries.Entries)
                {
                    if (value is ScalarNode scalar)
                    {
                        Put(key with { Source = key.Source ?? value.Source }, key.Value, value, scalar.Value);
                    }
                    else
                    {
                        scope.Problems.Error(value, $"{path}.{key.Value}", $"{path}.{key.Value}: a {SpecScope.Kind(value)} where a single value belongs", "write one value");
                    }
                }

                break;
            case ListNode list:
                foreach (var item in list.Items)
                {
                    var text = (item as ScalarNode)?.Value ?? "";
                    var equals = text.IndexOf('=', StringComparison.Ordinal);
                    if (equals <= 0)
                    {
                        scope.Problems.Error(item, path, $"{path}: an item that is not NAME=value", "write NAME=value, or a mapping NAME: value");
                    }
                    else
                    {
                        Put(item, text[..equals], item, text[(equals + 1)..]);
                    }
                }

                break;
            default:
                scope.Problems.Error(node, path, $"{path}: a single value where a mapping belongs", "write NAME: value");
                break;
        }

        return map.ToImmutable();
    }

    public static bool NotEmpty(string text, out string value)
    {
        value = text;
        return text.Length > 0;
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex SlugPattern();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotSlug();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,255}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex EnvName();
}
