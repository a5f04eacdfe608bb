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
        Keys(root, "", problems);
        foreach (var key in (string[])["strategy", "batch"])
        {
            if (Child(root, key) is { } shared)
            {
                Walk(shared, key, scalar => OfNoJob(scalar.Node, scalar.Path, problems));
            }
        }

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

    /// <summary>After one combination's values were filled in: <c>include</c> gives some names to some combinations only.</summary>
    public static void Filled(SpecNode root, SpecProblems problems) => Walk(root, "", scalar =>
    {
        if (scalar.Node.HasExpression && OfMatrix().Match(scalar.Node.Value) is { Success: true } left)
        {
            problems.Error(scalar.Node, scalar.Path, $"this combination has no value for {left.Value}", "give it one in strategy.include or strategy.matrix");
        }
    });

    /// <summary>What all jobs share cannot be one of their values.</summary>
    private static void OfNoJob(ScalarNode node, string path, SpecProblems problems)
    {
        if (node.HasExpression && OfMatrix().IsMatch(node.Value))
        {
            problems.Error(node, path, $"{path}: a value of the matrix where all jobs share one", "write the value itself");
        }
    }

    [GeneratedRegex(@"\$\{\{\s*matrix\.[^}]*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex OfMatrix();

    /// <summary>A key is a name: what it stands for must not depend on a value.</summary>
    private static void Keys(SpecNode node, string path, SpecProblems problems)
    {
        foreach (var item in (node as ListNode)?.Items ?? [])
        {
            Keys(item, path, problems);
        }

        foreach (var (key, value) in (node as MapNode)?.Entries ?? [])
        {
            if (key.HasExpression)
            {
                problems.Error(key, path, "an expression ${{ ... }} in a key", "expressions are filled in values only; of data, write the list form: {from, to}");
            }

            Keys(value, path.Length == 0 ? key.Value : $"{path}.{key.Value}", problems);
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
