using System.Collections.Immutable;

namespace Orchestrator.Batches;

/// <summary>One combination of a matrix: what one job of the batch is run with.</summary>
public sealed class MatrixCell
{
    private readonly ImmutableArray<KeyValuePair<string, string>> _values;

    /// <param name="values">In the order in which they are shown; no name twice.</param>
    public MatrixCell(IEnumerable<KeyValuePair<string, string>> values) => _values = [.. values];

    /// <summary>In the order of the matrix, what <c>include</c> adds after it.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Values => _values;

    /// <summary>Null = it has no such name.</summary>
    public string? this[string name] => _values.FirstOrDefault(value => value.Key == name).Value;

    /// <summary><c>lr=3e-3,wd=0.3,seed=2</c>.</summary>
    public override string ToString() => string.Join(',', _values.Select(value => $"{value.Key}={value.Value}"));
}
