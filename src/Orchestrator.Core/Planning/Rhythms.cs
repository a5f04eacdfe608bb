using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning;

/// <summary>How often trainers would be asked for checkpoints, where the spec leaves that to the plan.</summary>
internal sealed class Rhythms(PlanRequest request, Loads loads, History history)
{
    /// <summary>Checkpoints are needed whether or not anybody knows how long it takes: then as in a long run.</summary>
    private static readonly WorkLeft _unknownWork = new() { Time = TimeSpan.FromHours(LengthClass.LongHours * 2), Source = WorkSource.Spec };

    private Estimator? _ofUnknownWork;

    public AttemptRhythm? Of(in Outlook look) => request.Rhythm.Every.Kind == RhythmKind.Auto && look.Rhythm is { } rhythm
        ? new AttemptRhythm(ForecastWriter.Time(rhythm.Made), ForecastWriter.Time(look.Upload), ForecastWriter.Time(look.MeanBetween))
        : null;

    /// <summary>Where nobody knows how much work is left.</summary>
    public AttemptRhythm? Of(Offer offer) => request.Rhythm.Every.Kind == RhythmKind.Auto
        ? Of((_ofUnknownWork ??= new Estimator(request with { Work = _unknownWork }, loads, history)).Of(offer, offer.PricePerHour))
        : null;
}
