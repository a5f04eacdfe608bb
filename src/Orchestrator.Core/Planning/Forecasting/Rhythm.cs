using Orchestrator.Checkpoints;
using Orchestrator.Jobs;

namespace Orchestrator.Planning.Forecasting;

/// <summary>How often checkpoints are made on one offer, in hours.</summary>
/// <param name="Interval">Work between two of them, as they become durable.</param>
/// <param name="Optimum">Daly's, before the bounds.</param>
/// <param name="KeepsUp">The host sends them as fast as they are made.</param>
internal readonly record struct Rhythm(double Interval, double Optimum, bool KeepsUp)
{
    /// <param name="terms">The spec's wishes and what was observed.</param>
    /// <param name="delta">What one costs, in hours: the trainer stands still, its upload is paid for.</param>
    /// <param name="upload">Hours until one is durable.</param>
    /// <param name="meanBetween">Mean hours between interruptions.</param>
    /// <param name="work">Hours of work.</param>
    public static Rhythm Of(RhythmTerms terms, double delta, double upload, double meanBetween, double work)
    {
        var optimum = double.IsPositiveInfinity(meanBetween) ? work : RestartModel.DalyInterval(delta, meanBetween);
        var wanted = terms.Every.Kind switch
        {
            RhythmKind.Fixed => (terms.Every.Interval ?? terms.Known)?.TotalHours ?? Priors.TrainerRhythmMinutes / 60,
            RhythmKind.Trainer => terms.Known?.TotalHours ?? Priors.TrainerRhythmMinutes / 60,
            RhythmKind.Auto => Math.Max(upload, Math.Max(terms.Shortest.TotalHours, Math.Min(optimum, Longest(work)))),
        };
        wanted = Math.Max(wanted, 1d / 3600);

        // One that is made while the last is still on its way waits for it: fewer become durable than are made.
        return new Rhythm(Math.Max(wanted, upload), optimum, wanted >= upload);
    }

    private static double Longest(double work) => work > LengthClass.LongHours ? Priors.LongRunRhythmMinutes / 60 : work;
}
