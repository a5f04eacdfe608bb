using System.Collections.Immutable;

namespace Orchestrator.Engine.Backups;

/// <summary>In which order tables are filled, so that each finds what its rows refer to.</summary>
internal static class CopyOrder
{
    /// <param name="tables">All of them.</param>
    /// <param name="references">Who refers to whom; a table may refer to itself.</param>
    internal static ImmutableArray<string> Of(IEnumerable<string> tables, IEnumerable<(string From, string To)> references)
    {
        var left = new SortedSet<string>(tables, StringComparer.Ordinal);
        var waits = references.Where(one => one.From != one.To).ToLookup(one => one.From, one => one.To, StringComparer.Ordinal);
        var order = ImmutableArray.CreateBuilder<string>(left.Count);
        while (left.Count > 0)
        {
            var next = left.FirstOrDefault(table => !waits[table].Any(left.Contains))
                ?? throw new InvalidOperationException($"the tables {string.Join(", ", left)} refer to one another in a circle");
            order.Add(next);
            left.Remove(next);
        }

        return order.MoveToImmutable();
    }
}
