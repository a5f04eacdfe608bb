using System.Globalization;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>The step that a checkpoint's name tells.</summary>
internal static class StepName
{
    private static readonly string[] Words = ["global_step", "step", "checkpoint", "ckpt", "iter", "iteration"];

    /// <summary>The digits behind a word that means a step; else the only digits of the name, unless they count epochs; else null.</summary>
    public static long? Parse(string entry)
    {
        var name = Path.GetFileName(entry);
        var groups = new List<(string Before, long Value)>();
        var at = 0;
        while (at < name.Length)
        {
            if (!char.IsAsciiDigit(name[at]))
            {
                at++;
                continue;
            }

            var end = at;
            while (end < name.Length && char.IsAsciiDigit(name[end]))
            {
                end++;
            }

            if (long.TryParse(name.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                groups.Add((name[..at].TrimEnd('-', '_', '=', '.', ' ').ToLowerInvariant(), value));
            }

            at = end;
        }

        foreach (var word in Words)
        {
            foreach (var (before, value) in groups)
            {
                if (before.EndsWith(word, StringComparison.Ordinal))
                {
                    return value;
                }
            }
        }

        return groups is [var only] && !only.Before.EndsWith("epoch", StringComparison.Ordinal) && !only.Before.EndsWith("ep", StringComparison.Ordinal)
            ? only.Value
            : null;
    }
}
