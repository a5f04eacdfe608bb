using System.Collections.Immutable;

namespace Orchestrator.Batches;

/// <summary>One combination of a matrix: what one job of the batch is run with.</summary>
/// <param name="values">In the order in which they are shown; no name twice.</param>
public sealed class MatrixCell(IEnumerable<KeyValuePair<string, string>> values)
{
    /// <summary>In the order of the matrix, what <c>include</c> adds after it.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Values { get; } = [.. values];

    /// <summary><c>lr=3e-3,wd=0.3,seed=2</c>.</summary>
    public override string ToString() => string.Join(',', Values.Select(value => $"{value.Key}={value.Value}"));
}
