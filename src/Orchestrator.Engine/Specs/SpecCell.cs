using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Batches;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Which job of a matrix a spec is read for.</summary>
/// <param name="Values">Its values.</param>
/// <param name="Number">From 1, in the order of the matrix.</param>
/// <param name="Batch">The batch's name.</param>
public sealed record SpecCell(MatrixCell Values, int Number, string Batch)
{
    private const int LongestName = 63;

    /// <summary>The file with the values in place of <c>${{ matrix.NAME }}</c>.</summary>
    internal MapNode Fill(MapNode file, SpecProblems problems)
    {
        var filled = (MapNode)ExpressionFiller.Fill(file, Values.Values.ToDictionary(value => "matrix." + value.Key, value => value.Value, StringComparer.Ordinal), problems);
        ExpressionCheck.Filled(filled, problems);
        return filled;
    }

    /// <summary>What is read of it as a job of its own.</summary>
    internal JobSpec Job(JobSpec read)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"-{Number}");
        return read with
        {
            Name = Batch[..Math.Min(Batch.Length, LongestName - number.Length)].TrimEnd('-') + number,
            Strategy = null,
            Cell = Values.Values.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }
}
