namespace Orchestrator.Agent.Checkpoints;

/// <summary>Globs over paths with forward slashes: <c>*</c> and <c>?</c> within a part, <c>**</c> over any number of parts. Never slow, whatever the pattern.</summary>
internal static class Glob
{
    public static bool Matches(string pattern, string path)
    {
        var parts = pattern.Trim('/').Split('/');
        var names = path.Split('/');
        // reachable[j]: the pattern's parts so far can match the first j names.
        var reachable = new bool[names.Length + 1];
        reachable[0] = true;
        foreach (var part in parts)
        {
            var next = new bool[names.Length + 1];
            if (part == "**")
            {
                var any = false;
                for (var j = 0; j <= names.Length; j++)
                {
                    any |= reachable[j];
                    next[j] = any;
                }
            }
            else
            {
                for (var j = 0; j < names.Length; j++)
                {
                    next[j + 1] = reachable[j] && PartMatches(part, names[j]);
                }
            }

            reachable = next;
        }

        return reachable[names.Length];
    }

    private static bool PartMatches(string pattern, string name)
    {
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = n;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).Trim('*').IsEmpty;
    }
}
