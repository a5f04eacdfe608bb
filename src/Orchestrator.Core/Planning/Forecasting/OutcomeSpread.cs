using System.Collections.Immutable;

namespace Orchestrator.Planning.Forecasting;

/// <summary>What work may turn out to cost, made small: a few values that are as likely as each other.</summary>
/// <param name="most">How many are added at most.</param>
internal sealed class OutcomeSpread(int most)
{
    /// <summary>As many are left of them.</summary>
    public const int Values = 8;

    private readonly double[] _perWork = new double[most];
    private readonly double[] _shares = new double[most];
    private int _count;

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
                Add((end.Dollars + (end.Left * alike)) / work, share * end.Share);
                continue;
            }

            foreach (var outcome in then.Outcomes)
            {
                Add((end.Dollars + (end.Left * outcome)) / work, share * end.Share / then.Outcomes.Length);
            }
        }
    }

    /// <param name="mean">What they are to be on average.</param>
    public ImmutableArray<double> Likely(double mean)
    {
        Array.Sort(_perWork, _shares, 0, _count);
        var whole = 0d;
        for (var i = 0; i < _count; i++)
        {
            whole += _shares[i];
        }

        var values = new double[Values];
        var passed = 0d;
        for (var one = 0; one < _count; one++)
        {
            var (value, share) = (_perWork[one], _shares[one]);

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

    private void Add(double perWork, double share)
    {
        _perWork[_count] = perWork;
        _shares[_count++] = share;
    }
}
