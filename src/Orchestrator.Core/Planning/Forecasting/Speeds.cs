using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// How fast an offer does the job's work against the cards it was measured on. Between cards: own measurements, drawn to the
/// table while they are few; a card the table lacks by the provider's scores. Between hosts with the same card: the provider's
/// score against its usual one, and what we measured there. Scores are not used between cards that the table knows: one
/// provider's say a 5090 is 4.3 times a 3090, training on it is 2.2 times as fast.
/// </summary>
internal sealed class Speeds(WorkLeft work, History history)
{
    /// <summary>A host may be believed to be this much faster than its kind, by its provider's score: few are.</summary>
    private const double BestOfKind = 1.05;

    private const double WorstOfKind = 0.05;

    private const double Fastest = 1000;

    private const int MostCached = 16;

    // By card, then by count; markets have few of the former and small ones of the latter.
    private readonly Dictionary<string, Speed?[]> _cards = new(StringComparer.Ordinal);

    public Speed Of(Offer offer, in Seen seen)
    {
        var speed = Raw(offer, seen);
        return speed with { Ratio = Math.Clamp(speed.Ratio, 1 / Fastest, Fastest) };
    }

    private Speed Raw(Offer offer, in Seen seen)
    {
        if (work.Gpu is null || offer.Gpu is not { } gpu || offer.GpuCount <= 0)
        {
            return new Speed(seen.Machine?.Speed.Shrunk(1) ?? 1, work.Gpu is null && offer.GpuCount <= 0 ? Priors.SpreadOfSameCard : Priors.SpreadOfTable, FigureOrigin.Assumed);
        }

        var cards = Cached(offer.Provider, gpu, offer.GpuCount);
        var host = OfHost(offer, gpu);
        var measured = seen.Machine?.Speed;
        return measured is { Weight: > 0 }
            ? new Speed(cards.Ratio * measured.Shrunk(host), cards.Spread, FigureOrigin.History)
            : cards with { Ratio = cards.Ratio * host };
    }

    private Speed Cached(string provider, string gpu, int count)
    {
        if (count <= MostCached && _cards.TryGetValue(gpu, out var counts))
        {
            return counts[count] ??= OfCards(provider, gpu, count);
        }

        // A card the table lacks is told apart by provider, where there are scores; both are rare.
        if (count <= MostCached && CardSpeeds.Of(gpu) is not null)
        {
            _cards[gpu] = new Speed?[MostCached + 1];
        }

        return OfCards(provider, gpu, count);
    }

    private Speed OfCards(string provider, string gpu, int count)
    {
        var against = work.Gpu!;
        var againstCount = Math.Max(1, work.GpuCount);
        var scaling = Math.Pow((double)count / againstCount, Priors.ScalingExponent);
        var same = gpu == against;
        var table = same ? 1
            : CardSpeeds.Of(gpu) is { } known ? known / (CardSpeeds.Of(against) ?? 1)
            : history.UsualScore(provider, gpu) is { } score && history.UsualScore(provider, against) is { } other ? score / other
            : CardSpeeds.Unknown / (CardSpeeds.Of(against) ?? 1);
        var prior = table * scaling;
        return history.Speed(gpu, count, against, againstCount) is { Weight: > 0 } measured
            ? new Speed(measured.Shrunk(prior), Priors.SpreadOfSameCard, FigureOrigin.History)
            : new Speed(prior, same ? Priors.SpreadOfSameCard : Priors.SpreadOfTable, same && count == againstCount ? FigureOrigin.Spec : FigureOrigin.Assumed);
    }

    private double OfHost(Offer offer, string gpu) =>
        offer.Performance is { } score && score > 0 && double.IsFinite(score) && history.UsualScore(offer.Provider, gpu) is { } usual
            ? Math.Clamp(score / offer.GpuCount / usual, WorstOfKind, BestOfKind)
            : 1;
}
