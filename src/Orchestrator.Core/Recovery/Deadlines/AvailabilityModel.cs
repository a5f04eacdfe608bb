using System.Collections.Immutable;

namespace Orchestrator.Recovery.Deadlines;

/// <summary>
/// How interruptible capacity comes and goes: a Markov chain whose states are hidden and only tell "to be had" or "not". Two
/// states of one kind differ in how long they last, so that a lifetime that has lasted long is expected to last longer (heavy
/// tails), and how it has been so far today says which chain of them we are in.
/// </summary>
public sealed class AvailabilityModel
{
    private readonly ImmutableArray<ImmutableArray<double>> _transitions;

    /// <param name="step">What one transition takes, in seconds.</param>
    /// <param name="upStates">The first so many states are "to be had".</param>
    public AvailabilityModel(double step, int upStates, ImmutableArray<ImmutableArray<double>> transitions)
    {
        Step = step;
        UpStates = upStates;
        _transitions = transitions;
        Usual = Stationary();
    }

    public double Step { get; }

    public int UpStates { get; }

    public int States => _transitions.Length;

    /// <summary>What is believed of a place of which nothing was seen: the share of time in each state in the long run.</summary>
    public ImmutableArray<double> Usual { get; }

    public bool IsUp(int state) => state < UpStates;

    /// <summary>Chances to go from one state to another in <paramref name="seconds"/>: whole steps, and a share of the last one.</summary>
    public double[,] Over(double seconds)
    {
        var result = Identity();
        for (; seconds >= Step; seconds -= Step)
        {
            result = Then(result, 1);
        }

        return seconds > 0 ? Then(result, seconds / Step) : result;
    }

    private double[,] Identity()
    {
        var identity = new double[States, States];
        for (var state = 0; state < States; state++)
        {
            identity[state, state] = 1;
        }

        return identity;
    }

    private double[,] Then(double[,] before, double share)
    {
        var after = new double[States, States];
        for (var from = 0; from < States; from++)
        {
            for (var to = 0; to < States; to++)
            {
                var moved = 0.0;
                for (var via = 0; via < States; via++)
                {
                    moved += before[from, via] * _transitions[via][to];
                }

                after[from, to] = (1 - share) * before[from, to] + share * moved;
            }
        }

        return after;
    }

    /// <summary>By squaring: after 2^20 steps no start shows any more.</summary>
    private ImmutableArray<double> Stationary()
    {
        var power = Then(Identity(), 1);
        for (var doubling = 0; doubling < 20; doubling++)
        {
            var squared = new double[States, States];
            for (var from = 0; from < States; from++)
            {
                for (var to = 0; to < States; to++)
                {
                    for (var via = 0; via < States; via++)
                    {
                        squared[from, to] += power[from, via] * power[via, to];
                    }
                }
            }

            power = squared;
        }

        var sum = Enumerable.Range(0, States).Sum(state => power[0, state]);
        return [.. Enumerable.Range(0, States).Select(state => power[0, state] / sum)];
    }
}
