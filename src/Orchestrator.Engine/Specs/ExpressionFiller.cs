using System.Text.RegularExpressions;

namespace Orchestrator.Engine.Specs;

/// <summary>
/// Puts values in the place of <c>${{ vars.x }}</c> and <c>${{ matrix.x }}</c>. Scalars are text until a field is read, so a value that is
/// nothing but an expression is read as if its value had been written there, and one inside a text becomes part of the text.
/// </summary>
internal static partial class ExpressionFiller
{
    /// <summary>What an expression looks like, with the groups <c>context</c> and <c>name</c>.</summary>
    public const string Shape = @"\$\{\{\s*(?<context>matrix|vars)\.(?<name>[A-Za-z_][A-Za-z0-9_-]*)\s*\}\}";

    // A short text that names a long value many times would otherwise become as large as memory.
    private const int MostCharacters = YamlTree.MaxBytes;

    /// <summary>
    /// The tree with every expression filled whose name is among the values; keys are never filled, and what was filled in is not read
    /// again. Expressions of other names stay: <see cref="ExpressionCheck"/> says which of them nobody will fill.
    /// </summary>
    /// <param name="tree">What to fill; it stays as it is.</param>
    /// <param name="values">From the name with its context, such as <c>vars.steps</c>, to its text.</param>
    /// <param name="problems">Hears when the filled text grows beyond what a file may hold; the rest then stays unfilled.</param>
    /// <param name="notGiven">Names whose values were not given: a field or item that is nothing but one of them is left out.</param>
    public static SpecNode Fill(SpecNode tree, IReadOnlyDictionary<string, string> values, SpecProblems problems, IReadOnlySet<string>? notGiven = null)
    {
        var room = MostCharacters;
        tree = notGiven is { Count: > 0 } ? Without(tree, notGiven) : tree;
        return values.Count == 0 ? tree : Fill(tree, values, problems, ref room);
    }

    private static SpecNode Without(SpecNode tree, IReadOnlySet<string> notGiven) => tree switch
    {
        ListNode list => list with { Items = [.. list.Items.Where(item => !IsOnly(item, notGiven)).Select(item => Without(item, notGiven))] },
        MapNode map => map with { Entries = [.. map.Entries.Where(entry => !IsOnly(entry.Value, notGiven)).Select(entry => KeyValuePair.Create(entry.Key, Without(entry.Value, notGiven)))] },
        _ => tree,
    };

    private static bool IsOnly(SpecNode node, IReadOnlySet<string> names) =>
        node is ScalarNode { HasExpression: true } scalar && Expression().Match(scalar.Value.Trim()) is { Success: true } match && match.Length == scalar.Value.Trim().Length
        && names.Contains($"{match.Groups["context"].Value}.{match.Groups["name"].Value}");

    private static SpecNode Fill(SpecNode node, IReadOnlyDictionary<string, string> values, SpecProblems problems, ref int room)
    {
        switch (node)
        {
            case ScalarNode { HasExpression: true } scalar:
                return FillScalar(scalar, values, problems, ref room);

            case ListNode list:
                var items = new List<SpecNode>(list.Items.Count);
                foreach (var item in list.Items)
                {
                    items.Add(Fill(item, values, problems, ref room));
                }

                return list with { Items = items };

            case MapNode map:
                var entries = new List<KeyValuePair<ScalarNode, SpecNode>>(map.Entries.Count);
                foreach (var (key, value) in map.Entries)
                {
                    entries.Add(new(key, Fill(value, values, problems, ref room)));
                }

                return map with { Entries = entries };

            default:
                return node;
        }
    }

    private static ScalarNode FillScalar(ScalarNode scalar, IReadOnlyDictionary<string, string> values, SpecProblems problems, ref int room)
    {
        var left = room;
        var filled = Expression().Replace(scalar.Value, match =>
        {
            if (!values.TryGetValue($"{match.Groups["context"].Value}.{match.Groups["name"].Value}", out var value))
            {
                return match.Value;
            }

            left -= value.Length;
            return left < 0 ? match.Value : value;
        });
        if (left < 0 && room >= 0)
        {
            problems.Error(scalar, "", "the values filled in here make the spec larger than 256 KB", "use shorter values, or name them less often");
        }

        room = left;
        return scalar with { Value = filled };
    }

    [GeneratedRegex(Shape, RegexOptions.CultureInvariant)]
    private static partial Regex Expression();
}
