using System.Collections.Immutable;
using Orchestrator.Determinism;
using Orchestrator.Recovery.Deadlines;

namespace Orchestrator.Simulation.Fitting;

/// <summary>
/// Finds an <see cref="AvailabilityModel"/> for recordings: expectation-maximisation for hidden Markov chains (Baum and Welch)
/// in which a state is either up or down for certain. A few starts from a seed, the likeliest result wins; few rounds and a
/// trace of every transition keep it from learning the recording by heart.
/// </summary>
public static class AvailabilityFit
{
    private const int Starts = 6;
    private const int Rounds = 60;

    /// <summary>Counted in addition to what was seen, for every transition and for every first state.</summary>
    private const double SeenTransition = 0.02;
    private const double SeenFirst = 0.5;

    /// <returns>The model, and the logarithm of its likelihood.</returns>
    public static (AvailabilityModel Model, double Likelihood) Fit(IReadOnlyList<bool[]> recordings, double step, int up, int down, ulong seed)
    {
        var random = new SeededRandom(seed);
        double[,]? best = null;
        var likeliest = double.NegativeInfinity;
        for (var start = 0; start < Starts; start++)
        {
            var chain = Guess(random, up, down);
            double[] first = [.. Enumerable.Repeat(1.0 / (up + down), up + down)];
            var likelihood = 0.0;
            for (var round = 0; round < Rounds; round++)
            {
                likelihood = Improve(recordings, chain, first, up);
            }

            (best, likeliest) = likelihood > likeliest ? (chain, likelihood) : (best, likeliest);
        }

        return (new AvailabilityModel(step, up, [.. Enumerable.Range(0, up + down).Select(i => Enumerable.Range(0, up + down).Select(j => best![i, j]).ToImmutableArray())]), likeliest);
    }

    /// <summary>States of either kind that last from one step to a hundred, and any way between them.</summary>
    private static double[,] Guess(SeededRandom random, int up, int down)
    {
        var chain = new double[up + down, up + down];
        for (var from = 0; from < up + down; from++)
        {
            var (rank, kinds) = from < up ? (from, up) : (from - up, down);
            var leaves = Math.Pow(0.5, 1 + rank * 6.0 / Math.Max(1, kinds - 1)) * (0.5 + random.NextDouble());
            var stays = Math.Clamp(1 - leaves, 0.1, 0.995);
            var sum = 0.0;
            for (var to = 0; to < up + down; to++)
            {
                if (to != from)
                {
                    chain[from, to] = (0.1 + random.NextDouble()) * (from < up == to < up ? 1 : 3);
                    sum += chain[from, to];
                }
            }

            for (var to = 0; to < up + down; to++)
            {
                chain[from, to] = to == from ? stays : chain[from, to] / sum * (1 - stays);
            }
        }

        return chain;
    }

    /// <summary>One round: how often each transition was taken, if the chain were right, is the next chain.</summary>
    private static double Improve(IReadOnlyList<bool[]> recordings, double[,] chain, double[] first, int up)
    {
        var states = first.Length;
        var taken = new double[states, states];
        var began = new double[states];
        var likelihood = 0.0;
        foreach (var recording in recordings)
        {
            likelihood += Count(recording, chain, first, up, taken, began);
        }

        var runs = began.Sum();
        for (var from = 0; from < states; from++)
        {
            first[from] = (began[from] + SeenFirst) / (runs + SeenFirst * states);
            var sum = 0.0;
            for (var to = 0; to < states; to++)
            {
                sum += taken[from, to] + SeenTransition;
            }

            for (var to = 0; to < states; to++)
            {
                chain[from, to] = (taken[from, to] + SeenTransition) / sum;
            }
        }

        return likelihood;
    }

    /// <summary>Forwards and backwards through one recording.</summary>
    private static double Count(bool[] recording, double[,] chain, double[] first, int up, double[,] taken, double[] began)
    {
        var states = first.Length;
        var forward = new double[recording.Length, states];
        var scale = new double[recording.Length];
        var likelihood = 0.0;
        for (var tick = 0; tick < recording.Length; tick++)
        {
            for (var to = 0; to < states; to++)
            {
                if (to < up == recording[tick])
                {
                    var chance = tick == 0 ? first[to] : 0;
                    for (var from = 0; tick > 0 && from < states; from++)
                    {
                        chance += forward[tick - 1, from] * chain[from, to];
                    }

                    forward[tick, to] = chance;
                    scale[tick] += chance;
                }
            }

            likelihood += Math.Log(scale[tick]);
            for (var to = 0; to < states; to++)
            {
                forward[tick, to] /= scale[tick];
            }
        }

        double[] backward = [.. Enumerable.Repeat(1.0, states)];
        for (var tick = recording.Length - 1; tick > 0; tick--)
        {
            var before = new double[states];
            for (var from = 0; from < states; from++)
            {
                for (var to = 0; from < up == recording[tick - 1] && to < states; to++)
                {
                    if (to < up == recording[tick])
                    {
                        var share = chain[from, to] * backward[to] / scale[tick];
                        taken[from, to] += forward[tick - 1, from] * share;
                        before[from] += share;
                    }
                }
            }

            backward = before;
        }

        for (var state = 0; state < states; state++)
        {
            began[state] += forward[0, state] * backward[state];
        }

        return likelihood;
    }
}
