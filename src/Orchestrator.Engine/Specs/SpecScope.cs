using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>What the readers of one spec share: problems, places, origins and the outside inputs.</summary>
internal sealed class SpecScope(SpecProblems problems, SpecReadOptions options)
{
    // Parts that a one-word spelling gives: `gpu: 4090:2` is model and count, but says nothing about memory.
    private static readonly string[] GivenByShorthand = ["model", "count", "time", "on", "at", "format", "name", "for"];

    private readonly HashSet<string> _noted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SpecOrigin Origin, int? Line)> _origins = new(StringComparer.Ordinal);

    public delegate bool Parser<T>(string text, out T value);

    public SpecProblems Problems { get; } = problems;

    public SpecReadOptions Options { get; } = options;

    public SpecPlaces Places { get; } = new();

    /// <summary>Remembers where a field was written; values (not mappings around them) also give the origin of what they expand to.</summary>
    public void Written(string path, SpecNode node)
    {
        Places.Add(path, node.Line, node.Column, node.Source);
        if (node is ScalarNode || (node is ListNode list && !list.Items.Any(item => item is MapNode)))
        {
            _origins[path] = (node.Origin, node.Origin == SpecOrigin.Job ? node.Line : null);
        }
    }

    /// <summary>Origin of a field: its own, else that of the shorthand it was expanded from, else built-in.</summary>
    public (SpecOrigin Origin, int? Line) OriginOf(string path)
    {
        if (_origins.TryGetValue(path, out var origin))
        {
            return origin;
        }

        if (GivenByShorthand.Contains(path[(path.LastIndexOf('.') + 1)..]))
        {
            for (var at = Parent(path); at.Length > 0; at = Parent(at))
            {
                if (_origins.TryGetValue(at, out origin))
                {
                    return origin;
                }
            }
        }

        return (SpecOrigin.BuiltIn, null);
    }

    /// <summary>Notes that a field does not work yet, once for the outermost field that does not.</summary>
    public void NotYet(SpecNode node, string path, string what)
    {
        for (var at = path; at.Length > 0; at = Parent(at))
        {
            if (_noted.Contains(at))
            {
                return;
            }
        }

        _noted.Add(path);
        Problems.NotYet(node, path, what);
    }

    /// <summary>Reads a scalar. False when there is none, when it is an expression, or when it is wrong (which is then a problem).</summary>
    public bool TryRead<T>(SpecNode? node, string path, Parser<T> parse, string expected, out T value)
    {
        value = default!;
        switch (node)
        {
            case null:
                return false;
            case ScalarNode { HasExpression: true }:
                return false;
            case ScalarNode scalar when parse(scalar.Value.Trim(), out value):
                return true;
            case ScalarNode scalar:
                Problems.Error(node, path, $"{path}: \"{scalar.Value}\" is not {expected}", "write " + expected);
                return false;
            default:
                Problems.Error(node, path, $"{path}: a {Kind(node)} where {expected} belongs", "write " + expected);
                return false;
        }
    }

    public static string Kind(SpecNode node) => node switch
    {
        ListNode => "list",
        MapNode => "mapping",
        _ => "single value",
    };

    private static string Parent(string path)
    {
        var end = path.LastIndexOfAny(['.', '[']);
        return end <= 0 ? "" : path[..end];
    }
}
