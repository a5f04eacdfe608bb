using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Batches;

/// <summary>
/// The combinations of a matrix, as people know them from GitHub Actions: the product of the axes without what <c>exclude</c> matches;
/// then each of <c>include</c> extends the combinations of which it changes no value of the matrix, or is one of its own where there is none.
/// </summary>
public static class MatrixExpansion
{
    /// <summary>The last axis runs fastest; combinations of <c>include</c> alone come last.</summary>
    public static ImmutableArray<MatrixCell> Of(StrategySpec strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        var axes = strategy.Matrix.Select(axis => axis.Name).ToHashSet(StringComparer.Ordinal);
        List<List<KeyValuePair<string, string>>> cells = [.. Product(strategy.Matrix).Where(cell => !strategy.Exclude.Any(excluded => Matches(cell, excluded)))];
        var product = cells.Count;
        foreach (var included in strategy.Include)
        {
            var isExtension = false;
            // What an earlier one added is no value of the matrix: a later one may change it.
            foreach (var cell in cells.Take(product).Where(cell => included.All(value => !axes.Contains(value.Key) || cell.Contains(value))))
            {
                isExtension = true;
                foreach (var value in included)
                {
                    cell.RemoveAll(one => one.Key == value.Key && !axes.Contains(one.Key));
                    if (!axes.Contains(value.Key))
                    {
                        cell.Add(value);
                    }
                }
            }

            if (!isExtension)
            {
                // In the order of the axes, as the others are shown.
                cells.Add([.. strategy.Matrix.Where(axis => included.ContainsKey(axis.Name)).Select(axis => KeyValuePair.Create(axis.Name, included[axis.Name])), .. included.Where(value => !axes.Contains(value.Key))]);
            }
        }

        return [.. cells.Where(cell => cell.Count > 0).Select(cell => new MatrixCell(cell))];
    }

    /// <summary>Numbers of those of <c>exclude</c>, from 0, that leave nothing out.</summary>
    public static ImmutableArray<int> Idle(StrategySpec strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        List<List<KeyValuePair<string, string>>> cells = [.. Product(strategy.Matrix)];
        return [.. Enumerable.Range(0, strategy.Exclude.Length).Where(at => !cells.Exists(cell => Matches(cell, strategy.Exclude[at])))];
    }

    private static IEnumerable<List<KeyValuePair<string, string>>> Product(ImmutableArray<MatrixAxis> axes) =>
        axes.IsEmpty ? [] : axes.Aggregate<MatrixAxis, IEnumerable<List<KeyValuePair<string, string>>>>(
            [[]],
            (cells, axis) => cells.SelectMany(cell => axis.Values.Select(value => (List<KeyValuePair<string, string>>)[.. cell, KeyValuePair.Create(axis.Name, value)])));

    private static bool Matches(List<KeyValuePair<string, string>> cell, ImmutableSortedDictionary<string, string> pattern) => !pattern.IsEmpty && pattern.All(cell.Contains);
}
