using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Reads <c>strategy</c> and <c>batch</c>.</summary>
internal static class StrategyReader
{
    private const int MostJobs = 1_000;

    public static StrategySpec? Strategy(MapReader job)
    {
        if (job.Map("strategy", "{matrix: {lr: [1e-4, 3e-4]}}") is not { } map)
        {
            return null;
        }

        var axes = Matrix(map);
        return new StrategySpec
        {
            Matrix = axes,
            Include = Combinations(map, "include"),
            Exclude = Combinations(map, "exclude"),
            MaxParallel = map.Int("max-parallel", 1, MostJobs),
            Canary = map.Int("canary", 0, MostJobs) ?? 0,
            FailFast = map.Bool("fail-fast") ?? false,
        };
    }

    public static BatchSpec? Batch(MapReader job, string? implied)
    {
        if (job["batch"] is null)
        {
            return implied is null ? null : new BatchSpec { Name = implied };
        }

        if (job["batch"] is not MapNode)
        {
            return job.Slug("batch") is { } name ? new BatchSpec { Name = name } : null;
        }

        var map = job.Map("batch")!;
        if (map["name"] is null && implied is null)
        {
            job.Scope.Problems.Error(map.Node, "batch", "batch.name is missing", "name the batch this job belongs to");
        }

        return new BatchSpec
        {
            Name = map.Slug("name") ?? implied ?? "",
            Budget = map.Money("budget"),
            Deadline = PolicyReader.Deadline(map, "deadline"),
            ReuseHosts = map.Bool("reuse-hosts") ?? false,
        };
    }

    private static ImmutableArray<MatrixAxis> Matrix(MapReader strategy)
    {
        if (strategy["matrix"] is not MapNode node)
        {
            if (strategy["include"] is null || strategy["matrix"] is not null)
            {
                strategy.Scope.Problems.Error(strategy["matrix"] ?? strategy.Node, "strategy.matrix", "strategy.matrix: a mapping of names to lists belongs here", "write matrix: {lr: [1e-4, 3e-4]}");
            }

            return [];
        }

        var axes = ImmutableArray.CreateBuilder<MatrixAxis>();
        long jobs = 1;
        foreach (var (key, value) in node.Entries)
        {
            var path = "strategy.matrix." + key.Value;
            if (!Values.TryEnvName(key.Value.Replace('-', '_')))
            {
                strategy.Scope.Problems.Error(key, path, $"strategy.matrix: \"{key.Value}\" is not a name", "use letters, digits, - and _");
            }

            if (axes.Any(axis => OrderBuilder.VariableOf(axis.Name) == OrderBuilder.VariableOf(key.Value)))
            {
                strategy.Scope.Problems.Error(key, path, $"strategy.matrix: \"{key.Value}\" and another name are the same variable {OrderBuilder.VariableOf(key.Value)} to the trainer", "rename one of them");
            }

            strategy.Scope.Written(path, value);
            if (value is not ListNode { Items.Count: > 0 } list)
            {
                strategy.Scope.Problems.Error(value, path, $"{path}: a list of values belongs here", "write [1, 2, 3]");
                continue;
            }

            jobs = Math.Min(MostJobs + 1, jobs * list.Items.Count);
            var values = list.Items.OfType<ScalarNode>().Select(item => item.Value).ToImmutableArray();
            foreach (var item in list.Items.Where(item => item is not ScalarNode))
            {
                strategy.Scope.Problems.Error(item, path, $"{path}: a {SpecScope.Kind(item)} where a single value belongs", "write one value");
            }

            axes.Add(new MatrixAxis { Name = key.Value, Values = values });
        }

        if (jobs > MostJobs)
        {
            strategy.Scope.Problems.Error(node, "strategy.matrix", $"strategy.matrix gives more than {MostJobs} jobs", "use fewer values");
        }

        return axes.ToImmutable();
    }

    private static ImmutableArray<ImmutableSortedDictionary<string, string>> Combinations(MapReader strategy, string key)
    {
        var found = ImmutableArray.CreateBuilder<ImmutableSortedDictionary<string, string>>();
        foreach (var (item, at) in Values.Items(strategy.Scope, strategy[key], strategy.At(key), "a list"))
        {
            found.Add(Values.Map(strategy.Scope, item, at));
        }

        return found.ToImmutable();
    }
}
