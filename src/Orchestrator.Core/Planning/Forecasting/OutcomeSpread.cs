using System.Collections.Immutable;

namespace Orchestrator.Planning.Forecasting;

/// <summary>What work may turn out to cost, made small: a few values that are as likely as each other.</summary>
internal sealed class OutcomeSpread
{
    private const int Values = 8;

    private readonly List<(double PerWork, double Share)> _all = [];

    /// <param name="share">Chance of this offer.</param>
    /// <param name="ends">How its instance may end.</param>
    /// <param name="work">Hours of work there are.</param>
    /// <param name="alike">Dollars per hour of work on more of the same.</param>
    /// <param name="then">What follows an interruption.</param>
    public void Add(double share, ReadOnlySpan<LegEnd> ends, double work, double alike, Continuation? then)
    {
        foreach (var end in ends)
        {
            if (end.Left <= 0 || then is null || then.Total <= alike)
            {
                _all.Add(((end.Dollars + (end.Left * alike)) / work, share * end.Share));
                continue;
            }

            foreach (var outcome in then.Outcomes)
            {
                _all.Add(((end.Dollars + (end.Left * outcome)) / work, share * end.Share / then.Outcomes.Length));
            }
        }
    }

    /// <param name="mean">What they are to be on average.</param>
    public ImmutableArray<double> Likely(double mean)
    {
        _all.Sort();
        var whole = _all.Sum(one => one.Share);
        var values = new double[Values];
        var passed = 0d;
        foreach (var (value, share) in _all)
        {
            // Its share falls into one value or over several.
            var (from, until) = (passed / whole * Values, (passed + share) / whole * Values);
            for (var i = Math.Min(Values - 1, (int)from); i < Values && i < until; i++)
            {
                values[i] += value * Math.Max(0, Math.Min(until, i + 1) - Math.Max(from, i));
            }

            passed += share;
        }

        var now = values.Average();
        return [.. values.Select(value => now > 0 ? value * mean / now : 0)];
    }
}
