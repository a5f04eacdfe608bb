using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Orchestrator.Planning.Forecasting;

/// <summary>What work may turn out to cost, made small: a few values that are as likely as each other.</summary>
/// <param name="perWork">Room for all that are added.</param>
/// <param name="shares">As much.</param>
internal ref struct OutcomeSpread(Span<double> perWork, Span<double> shares)
{
    /// <summary>As many are left of them.</summary>
    public const int Values = 8;

    private readonly Span<double> _perWork = perWork;
    private readonly Span<double> _shares = shares;
    private int _count;

    /// <param name="share">Chance of this offer.</param>
    /// <param name="ends">How its instance may end.</param>
    /// <param name="work">Hours of work there are.</param>
    /// <param name="alike">Dollars per hour of work on more of the same.</param>
    /// <param name="times">How much dearer it is than that.</param>
    public void Add(double share, scoped ReadOnlySpan<LegEnd> ends, double work, double alike, double times)
    {
        foreach (var end in ends)
        {
            _perWork[_count] = times * (end.Dollars + (end.Left * alike)) / work;
            _shares[_count++] = share * end.Share;
        }
    }

    /// <param name="mean">What they are to be on average.</param>
    public readonly ImmutableArray<double> Likely(double mean)
    {
        _perWork[.._count].Sort(_shares[.._count]);
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
        for (var i = 0; i < Values; i++)
        {
            values[i] = now > 0 ? values[i] * mean / now : 0;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }
}
