using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Jobs;

/// <summary>Reads <c>progress.stop-when</c>: clauses joined by <c>or</c>, any of which ends the training.</summary>
public static partial class StopCondition
{
    public const string Expected = "write loss is nan, loss is not finite, or val_loss > 5 after 1000 steps; several are joined by or";

    private const int MostClauses = 8;
    private const int Longest = 1000;

    /// <returns>What is wrong with it; null = nothing.</returns>
    public static string? TryParse(string text, out ImmutableArray<StopClause> clauses)
    {
        ArgumentNullException.ThrowIfNull(text);
        clauses = [];
        if (text.Length > Longest)
        {
            return $"it is longer than {Longest} characters";
        }

        var read = ImmutableArray.CreateBuilder<StopClause>();
        foreach (var part in Or().Split(text))
        {
            if (Clause().Match(part) is not { Success: true } match)
            {
                return part.Trim().Length == 0 ? "a clause is empty" : $"\"{Short(part)}\" is no condition";
            }

            if (Read(match) is not { } clause)
            {
                return $"\"{Short(part)}\" holds a number that is out of range";
            }

            read.Add(clause);
        }

        if (read.Count > MostClauses)
        {
            return $"more than {MostClauses} clauses";
        }

        clauses = read.ToImmutable();
        return null;
    }

    /// <summary>One that was checked.</summary>
    public static ImmutableArray<StopClause> Parse(string? text) =>
        text is null ? [] : TryParse(text, out var clauses) is { } problem ? throw new FormatException(problem) : clauses;

    private static StopClause? Read(Match match)
    {
        long? after = null;
        if (match.Groups["after"] is { Success: true } steps)
        {
            if (!long.TryParse(steps.Value.Replace("_", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var step))
            {
                return null;
            }

            after = step;
        }

        var metric = match.Groups["metric"].Value;
        if (match.Groups["odd"] is { Success: true } odd)
        {
            return new(metric, odd.Value[0] is 'n' or 'N' ? odd.Value.Length == 3 ? StopTest.IsNaN : StopTest.IsNotFinite : StopTest.IsInfinite, 0, after);
        }

        var test = match.Groups["sign"].Value switch { ">" => StopTest.Above, ">=" => StopTest.AtLeast, "<" => StopTest.Below, _ => StopTest.AtMost };
        return double.TryParse(match.Groups["value"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? new(metric, test, value, after)
            : null;
    }

    private static string Short(string part) => part.Trim() is { Length: > 60 } text ? text[..60] + "..." : part.Trim();

    [GeneratedRegex(@"\s+or\s+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Or();

    [GeneratedRegex(
        @"^\s*(?<metric>[A-Za-z_][A-Za-z0-9_/.\-]{0,63})\s*(\s(?i:is)\s+(?<odd>(?i:nan|inf|not\s+finite))|(?<sign>>=|<=|>|<)\s*(?<value>[+\-]?[0-9.]+([eE][+\-]?[0-9]+)?))(\s+(?i:after)\s+(?<after>[0-9][0-9_,]*)(\s+(?i:steps?))?)?\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Clause();
}
