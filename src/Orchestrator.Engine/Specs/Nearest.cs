namespace Orchestrator.Engine.Specs;

/// <summary>Finds the name that was probably meant.</summary>
public static class Nearest
{
    private const int LongestCompared = 40;

    /// <summary>The nearest name within a third of its length in edits, or null; ties go to the first.</summary>
    public static string? Of(string name, IEnumerable<string> names)
    {
        var best = Best(name, names);
        return best.Name is not null && best.Distance <= Math.Max(1, best.Name.Length / 3) ? best.Name : null;
    }

    /// <summary>The nearest name however far; null only when there are none.</summary>
    public static string? Always(string name, IEnumerable<string> names) => Best(name, names).Name;

    private static (string? Name, int Distance) Best(string name, IEnumerable<string> names)
    {
        var folded = Fold(name);
        return names.Select(candidate => ((string?)candidate, Distance(folded, Fold(candidate))))
            .DefaultIfEmpty((null, int.MaxValue))
            .MinBy(pair => pair.Item2);
    }

    private static string Fold(string text) => (text.Length > LongestCompared ? text[..LongestCompared] : text).ToLowerInvariant();

    // Optimal string alignment: a swap of neighbours, the commonest slip, counts once.
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                table[i, j] = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }
}
