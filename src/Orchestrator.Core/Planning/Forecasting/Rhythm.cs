using Orchestrator.Checkpoints;
using Orchestrator.Jobs;

namespace Orchestrator.Planning.Forecasting;

/// <summary>How often checkpoints are made on one offer, in hours.</summary>
/// <param name="Made">Work between two of them: each makes the trainer stand still.</param>
/// <param name="Interval">Work between two that become durable: an interruption loses work since the last of those.</param>
/// <param name="Optimum">Daly's, before the bounds.</param>
/// <param name="KeepsUp">The host sends them as fast as they are wanted.</param>
internal readonly record struct Rhythm(double Made, double Interval, double Optimum, bool KeepsUp)
{
    private const double Shortest = 1d / 3600;

    /// <param name="terms">The spec's wishes and what was observed.</param>
    /// <param name="blocking">Hours that the trainer stands still for one.</param>
    /// <param name="paid">What sending one costs, in hours.</param>
    /// <param name="upload">Hours until one is durable.</param>
    /// <param name="meanBetween">Mean hours between interruptions.</param>
    /// <param name="work">Hours of work.</param>
    public static Rhythm Of(RhythmTerms terms, double blocking, double paid, double upload, double meanBetween, double work)
    {
        var optimum = double.IsPositiveInfinity(meanBetween) ? work : RestartModel.DalyInterval(blocking + paid, meanBetween);
        var wanted = terms.Every.Kind == RhythmKind.Auto
            ? Math.Max(upload, Math.Max(terms.Shortest.TotalHours, Math.Min(optimum, Longest(work))))
            : terms.Written?.TotalHours ?? Priors.TrainerRhythmMinutes / 60;
        wanted = Math.Max(wanted, Shortest);

        // The agent asks for none while one is on its way. A trainer with a rhythm of its own makes them all the same, and of those
        // that wait only the newest is sent.
        var made = terms.Every.Kind == RhythmKind.Trainer ? wanted : Math.Max(wanted, upload);
        return new Rhythm(made, Math.Max(made, upload / (1 + (blocking / made))), optimum, wanted >= upload);
    }

    /// <summary>Hours that an hour of work takes, of so many, with the checkpoints in between.</summary>
    public double Slower(double blocking, double work) => Made < work ? 1 + (blocking / Made) : 1;

    private static double Longest(double work) => work > LengthClass.LongHours ? Priors.LongRunRhythmMinutes / 60 : work;
}
