using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Lays the command line's settings over the file, and the file over the server's defaults.</summary>
internal static class SpecMerge
{
    /// <summary>The settings as a tree, later ones over earlier ones; wrong paths and values are problems.</summary>
    public static MapNode Tree(IEnumerable<SpecSetting> settings, SpecOrigin origin, SpecProblems problems)
    {
        var tree = new MapNode([], 1, 1);
        foreach (var setting in settings)
        {
            var source = (origin == SpecOrigin.Set ? "--set " : "server defaults: ") + setting.Path;
            var place = new ScalarNode("", true, 1, 1) { Source = source };
            var keys = setting.Path.Split('.');
            if (keys.Length > 8 || keys.Any(key => key.Length == 0 || key.Contains('[', StringComparison.Ordinal)))
            {
                problems.Error(place, "", $"\"{setting.Path}\" is not the path of a field", "write names with dots, such as budget.max-total");
                continue;
            }

            if (Value(setting.Value, place, problems) is not { } node)
            {
                continue;
            }

            node = Marked(node, origin, source);
            foreach (var key in keys.Reverse())
            {
                node = new MapNode([new(new ScalarNode(key, true, 1, 1) { Origin = origin, Source = source }, node)], 1, 1) { Origin = origin, Source = source };
            }

            tree = (MapNode)Over(tree, node, "");
        }

        return tree;
    }

    /// <summary>Mappings are merged key by key; of anything else the upper one stays.</summary>
    public static SpecNode Over(SpecNode lower, SpecNode upper, string registryPath)
    {
        if (lower is not MapNode below || upper is not MapNode above || (below.Entries.Count > 0 && registryPath.Length > 0 && !Merges(registryPath)))
        {
            return upper;
        }

        var entries = above.Entries.ToList();
        foreach (var (key, value) in below.Entries)
        {
            // Only among the upper ones: two spellings of one key in the same file must stay two, to be reported.
            var index = entries.FindIndex(0, above.Entries.Count, entry => Same(entry.Key.Value, key.Value, registryPath));
            if (index < 0)
            {
                entries.Add(new(key, value));
            }
            else
            {
                entries[index] = new(entries[index].Key, Over(value, entries[index].Value, Down(registryPath, key.Value)));
            }
        }

        // The upper place is where the mapping stands; only an empty tree has none of its own.
        return above with { Entries = entries };
    }

    /// <summary>Lays settings over the file and keeps the places of what is in the file.</summary>
    public static SpecNode OverFile(SpecNode file, MapNode sets) =>
        file is MapNode map && Over(file, sets, "") is MapNode merged ? merged with { Line = map.Line, Column = map.Column, Origin = map.Origin, Source = map.Source } : file;

    private static bool Merges(string registryPath) =>
        FieldRegistry.Find(registryPath) is not { } field || field.Type.Split('|').Any(type => type is "object" or "map");

    private static bool Same(string a, string b, string registryPath) =>
        a == b || (a.Replace('_', '-') == b.Replace('_', '-') && FieldRegistry.Find(Down(registryPath, b.Replace('_', '-'))) is not null);

    private static string Down(string path, string key) => path.Length == 0 ? key.Replace('_', '-') : $"{path}.{key.Replace('_', '-')}";

    private static SpecNode? Value(string text, ScalarNode place, SpecProblems problems)
    {
        if (text.Length == 0 || text[0] is not ('[' or '{'))
        {
            return new ScalarNode(text, true, 1, 1);
        }

        var own = new SpecProblems(text);
        var node = YamlTree.Read(text, own);
        foreach (var problem in own.Sorted())
        {
            problems.Error(place, problem.Path, problem.What, problem.WhatToDo);
        }

        return own.Any ? null : node;
    }

    private static SpecNode Marked(SpecNode node, SpecOrigin origin, string source) => node switch
    {
        ListNode list => list with { Items = [.. list.Items.Select(item => Marked(item, origin, source))], Line = 1, Column = 1, Origin = origin, Source = source },
        MapNode map => map with
        {
            Entries = [.. map.Entries.Select(entry => KeyValuePair.Create((ScalarNode)Marked(entry.Key, origin, source), Marked(entry.Value, origin, source)))],
            Line = 1, Column = 1, Origin = origin, Source = source,
        },
        _ => node with { Line = 1, Column = 1, Origin = origin, Source = source },
    };
}
