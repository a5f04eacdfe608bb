using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Orchestrator.Recovery;

/// <summary>Picks from a log the lines that a rule knows: of each rule the newest, so that few lines speak for a long log.</summary>
public sealed class LogMarks(ImmutableArray<string> patterns)
{
    private const int MostPatterns = 64;
    private const int Before = 200;
    private const int Longest = 1000;

    private readonly ImmutableArray<Regex> _patterns = Usable(patterns);
    private readonly List<Mark> _found = [];

    /// <summary>The next line of the log.</summary>
    public void Look(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        for (var rule = 0; rule < _patterns.Length; rule++)
        {
            if (_patterns[rule].Match(line) is { Success: true } match)
            {
                Keep(rule, Around(line, match.Index));
            }
        }

        if (LogFingerprints.BuiltIn(line) is var (builtIn, at))
        {
            Keep(_patterns.Length + builtIn, Around(line, at));
        }
    }

    /// <summary>What was found so far says nothing: the trainer went on.</summary>
    public void Forget() => _found.Clear();

    /// <summary>In the log's order.</summary>
    public ImmutableArray<string> Lines() => [.. _found.Select(found => found.Line).Distinct(StringComparer.Ordinal)];

    /// <summary>The newest comes last.</summary>
    private void Keep(int rule, string line)
    {
        _found.RemoveAll(found => found.Rule == rule);
        _found.Add(new Mark(rule, line));
    }

    private static string Around(string line, int at) =>
        line.Length <= Longest ? line : line.Substring(Math.Max(0, at - Before), Math.Min(Longest, line.Length - Math.Max(0, at - Before)));

    /// <summary>In linear time, whatever the host wrote; what cannot be read was refused when the spec was.</summary>
    private static ImmutableArray<Regex> Usable(ImmutableArray<string> patterns)
    {
        var usable = ImmutableArray.CreateBuilder<Regex>();
        foreach (var pattern in patterns.Take(MostPatterns))
        {
            try
            {
                usable.Add(new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                // A newer server's, which this agent's expressions do not know: the server looks at the tail itself.
            }
        }

        return usable.ToImmutable();
    }

    private sealed record Mark(int Rule, string Line);
}
