using System.Text.RegularExpressions;

namespace Orchestrator.Engine.Specs;

/// <summary>Checks every <c>${{ ... }}</c>: its shape, and that the name it uses exists.</summary>
internal static partial class ExpressionCheck
{
    /// <param name="root">The merged tree, unfilled.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="varsAreKnown">False = a template that cannot be read would say which there are.</param>
    public static void Check(SpecNode root, SpecProblems problems, bool varsAreKnown = true)
    {
        var matrix = Child(Child(root, "strategy"), "matrix");
        var included = Child(Child(root, "strategy"), "include");
        var names = new HashSet<string>(StringComparer.Ordinal);
        Collect(matrix, names);
        foreach (var combination in (included as ListNode)?.Items ?? [])
        {
            Collect(combination, names);
        }

        var vars = new HashSet<string>(StringComparer.Ordinal);
        Collect(Child(root, "vars"), vars);
        Walk(root, "", scalar => Scalar(scalar.Node, scalar.Path, names, vars, varsAreKnown, problems));
    }

    private static void Scalar(ScalarNode node, string path, HashSet<string> matrix, HashSet<string> vars, bool varsAreKnown, SpecProblems problems)
    {
        for (var at = 0; !problems.Full && (at = node.Value.IndexOf("${{", at, StringComparison.Ordinal)) >= 0; at += 3)
        {
            var match = Shape().Match(node.Value, at);
            if (!match.Success)
            {
                problems.Error(node, path, "an expression ${{ ... }} that is not understood", "write ${{ matrix.NAME }} or ${{ vars.NAME }}; the environment is $NAME in scripts");
                continue;
            }

            var name = match.Groups["name"].Value;
            var (known, where) = match.Groups["context"].Value == "matrix" ? (matrix, "strategy.matrix") : (vars, "vars");
            if (!known.Contains(name) && (varsAreKnown || where != "vars"))
            {
                var nearest = Nearest.Of(name, known);
                problems.Error(node, path, $"{match.Value}: {where} has no \"{name}\"", nearest is null ? $"add it to {where}" : $"did you mean {nearest}?");
            }
        }
    }

    private static void Walk(SpecNode node, string path, Action<(ScalarNode Node, string Path)> visit)
    {
        switch (node)
        {
            case ScalarNode scalar:
                visit((scalar, path));
                break;
            case ListNode list:
                for (var index = 0; index < list.Items.Count; index++)
                {
                    Walk(list.Items[index], Orchestrator.Jobs.SpecPlaces.Item(path, index), visit);
                }

                break;
            case MapNode map:
                foreach (var (key, value) in map.Entries)
                {
                    Walk(value, path.Length == 0 ? key.Value : $"{path}.{key.Value}", visit);
                }

                break;
        }
    }

    private static SpecNode? Child(SpecNode? node, string key) =>
        (node as MapNode)?.Entries.FirstOrDefault(entry => entry.Key.Value == key).Value;

    private static void Collect(SpecNode? node, HashSet<string> names)
    {
        foreach (var (key, _) in (node as MapNode)?.Entries ?? [])
        {
            names.Add(key.Value);
        }
    }

    [GeneratedRegex(@"\G" + ExpressionFiller.Shape, RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
