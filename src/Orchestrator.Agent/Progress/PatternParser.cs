using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Agent.Progress;

/// <summary>The spec's own expression, with groups <c>step</c>, <c>total</c> and any number of metrics. Matched in linear time, whatever it is.</summary>
internal sealed class PatternParser(Regex pattern)
{
    /// <summary>Null = it is no expression that can be used.</summary>
    public static PatternParser? Create(string pattern, out string? problem)
    {
        try
        {
            problem = null;
            return new PatternParser(new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            problem = $"progress.pattern cannot be used: {e.Message}";
            return null;
        }
    }

    public ProgressReading? Parse(string line)
    {
        var match = pattern.Match(line);
        if (!match.Success)
        {
            return null;
        }

        var metrics = new List<(string, double)>();
        foreach (var name in pattern.GetGroupNames())
        {
            if (name is not ("step" or "total") && !char.IsAsciiDigit(name[0]) && match.Groups[name] is { Success: true } group
                && MetricNumber.TryParse(group.ValueSpan, out var value))
            {
                metrics.Add((name, value));
            }
        }

        return new ProgressReading(Whole(match.Groups["step"]), Whole(match.Groups["total"]), metrics);
    }

    private static long? Whole(Group group) =>
        group.Success && long.TryParse(group.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
}
