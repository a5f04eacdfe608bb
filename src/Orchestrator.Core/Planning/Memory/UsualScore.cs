using System.Collections.Immutable;
using Orchestrator.Offers;
using Orchestrator.Planning.Checks;

namespace Orchestrator.Planning.Memory;

/// <summary>The usual performance score of one card at a provider that publishes such scores, per card.</summary>
public sealed record UsualScore(string Provider, string Gpu, double PerCard)
{
    // Beyond these it is no score, whatever its unit.
    private const double Least = 1e-6;
    private const double Most = 1e9;

    /// <summary>Medians of what is offered now; offers whose figures cannot be are left out.</summary>
    public static ImmutableArray<UsualScore> Of(IEnumerable<Offer> offers)
    {
        var check = new FigureCheck();
        return
        [
            .. offers.Where(offer => offer is { Gpu: not null, GpuCount: > 0, Performance: not null } && check.Rejects(offer) is null)
                .Select(offer => (offer.Provider, Gpu: offer.Gpu!, PerCard: offer.Performance!.Value / offer.GpuCount))
                .Where(one => one.PerCard is >= Least and <= Most)
                .GroupBy(one => (one.Provider, one.Gpu), one => one.PerCard)
                .Select(kind => new UsualScore(kind.Key.Provider, kind.Key.Gpu, kind.Order().ElementAt((kind.Count() - 1) / 2)))
                .OrderBy(score => score.Provider, StringComparer.Ordinal).ThenBy(score => score.Gpu, StringComparer.Ordinal),
        ];
    }
}
