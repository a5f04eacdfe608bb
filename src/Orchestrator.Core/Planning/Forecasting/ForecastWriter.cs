using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>Makes an estimate presentable: how sure it is, and every number it was made from.</summary>
internal static class ForecastWriter
{
    // Where the time lost to checkpoints and to work done twice stays within a tenth of its minimum: delta/tau + tau/2M is
    // worth 1.1 times its minimum at 1.1 -+ sqrt(0.21) times the optimum.
    private const double NearFrom = 0.642;
    private const double NearTo = 1.558;

    public static Forecast Write(PlanRequest request, Loads loads, Estimator estimator, Offer offer, in Outlook look, Continuation? then, History history)
    {
        var (calm, each) = Parts(look);
        var spread = SpreadOf(request.Work!, look.Speed);
        var median = Spread.Quantile(0.5, calm, spread, look.Interruptions, look.RateShape, each) + look.VainHours;
        var late = Spread.Quantile(0.9, calm, spread, look.Interruptions, look.RateShape, each);
        return new Forecast
        {
            Compute = look.Compute,
            LostWork = look.LostWork,
            Disk = look.Disk,
            Moves = look.Moves,
            StoreEgress = look.StoreEgress,
            NeverBoots = look.NeverBoots,
            Total90 = Total90(estimator, offer, look, then, spread),
            Time = Time(look.Hours),
            Median = Time(median),
            Time90 = Time(Math.Max(late + look.VainHours, look.Hours)),
            Work = Time(look.Work),
            Start = Time(look.Start),
            Recover = Time(look.Recover),
            MeanBetween = Time(look.MeanBetween),
            Interruptions = look.Interruptions,
            Checkpoints = Advice(look, request),
            Figures = FigureList.Of(request, loads, offer, look, then, history),
        };
    }

    /// <summary>Whether nine runs of ten are done by then: <see cref="Forecast.Time90"/> without searching for it.</summary>
    public static bool IsDoneWithin(double hours, PlanRequest request, in Outlook look)
    {
        var (calm, each) = Parts(look);
        return look.Hours <= hours
            && Spread.Below(hours - look.VainHours, calm, SpreadOf(request.Work!, look.Speed), look.Interruptions, look.RateShape, each) >= 0.9;
    }

    /// <summary>The hours without interruptions (the start, the work, the checkpoints), and those that an interruption costs.</summary>
    private static (double Calm, double Each) Parts(in Outlook look)
    {
        var calm = look.Start + (look.Work * (look.Rhythm?.Slower(look.Delta, look.Work) ?? 1));
        return (calm, look.Interruptions > 1e-9 ? Math.Max(0, look.Hours - look.VainHours - calm) / look.Interruptions : 0);
    }

    private static Money Total90(Estimator estimator, Offer offer, in Outlook look, Continuation? then, double spread)
    {
        Span<LegEnd> ends = stackalloc LegEnd[Ways.MostEnds];
        estimator.EndsOfFirst(look, offer, ends);
        var expected = look.Total.MicroDollars / 1e6;
        var late = Estimator.Dollars(CostSpread.Quantile(0.9, ends, look.PerWork.Total, then, expected, spread));
        return late > look.Total ? late : look.Total;
    }

    private static double SpreadOf(WorkLeft work, Speed speed)
    {
        var estimate = work.Source == WorkSource.Spec ? Priors.SpreadOfEstimate : Priors.SpreadOfMeasurement;
        return Math.Sqrt((estimate * estimate) + (speed.Spread * speed.Spread));
    }

    public static CheckpointAdvice? Advice(in Outlook look, PlanRequest request)
    {
        if (look.Rhythm is not { } rhythm)
        {
            return null;
        }

        var longest = Math.Max(look.Work, rhythm.Interval);
        return new CheckpointAdvice(
            Time(rhythm.Made),
            Time(Math.Min(longest, Math.Max(look.Upload, NearFrom * rhythm.Optimum))),
            Time(Math.Min(longest, Math.Max(look.Upload, NearTo * rhythm.Optimum))),
            Time(look.Upload),
            rhythm.KeepsUp)
        {
            Stored = Time(rhythm.Interval),
            IsAssumed = request.Rhythm.Every.Kind != RhythmKind.Auto && request.Rhythm.Written is null,
        };
    }

    public static TimeSpan Time(double hours) => TimeSpan.FromSeconds(Math.Ceiling(Math.Clamp(hours, 0, 1e7) * 3600));
}
