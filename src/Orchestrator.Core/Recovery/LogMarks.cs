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
    private readonly Dictionary<int, (long Number, string Line)> _found = [];
    private long _number;

    /// <summary>The next line of the log.</summary>
    public void Look(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        _number++;
        for (var rule = 0; rule < _patterns.Length; rule++)
        {
            if (_patterns[rule].Match(line) is { Success: true } match)
            {
                _found[rule] = (_number, Around(line, match.Index));
            }
        }

        if (LogFingerprints.BuiltIn(line) is var (builtIn, at))
        {
            _found[_patterns.Length + builtIn] = (_number, Around(line, at));
        }
    }

    /// <summary>What was found so far says nothing: the trainer went on.</summary>
    public void Forget() => _found.Clear();

    /// <summary>In the log's order.</summary>
    public ImmutableArray<string> Lines() => [.. _found.Values.OrderBy(found => found.Number).Select(found => found.Line).Distinct(StringComparer.Ordinal)];

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
}
