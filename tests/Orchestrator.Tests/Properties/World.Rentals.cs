using Orchestrator.Reconciling;

namespace Orchestrator.Tests.Properties;

/// <summary>Rentals that end by themselves, and whose owners change their minds about when.</summary>
public sealed partial class World
{
    private void MoveRentalEnds()
    {
        foreach (var instance in _provider.Instances)
        {
            if (!Calm && instance.GoneAt is null && _random.Chance(_faults.RentalMoves))
            {
                instance.Term = new RentalTerm(_random.Chance(0.3) ? null : _now.AddSeconds(_random.Next(3600)));
            }
        }
    }

    /// <summary>Not where several jobs share limits: a raise there is nobody's breach of them.</summary>
    private void RaisePrices()
    {
        foreach (var instance in _provider.Instances)
        {
            if (Fleet is null && !Calm && instance.GoneAt is null && _random.Chance(_faults.PriceRises) && State.Attempts.FirstOrDefault(attempt => attempt.ListedAs == instance.Label) is { } attempt)
            {
                instance.Rate = _random.Chance(0.2) ? null : new Money(attempt.Offer.PerHour.MicroDollars * (100 + _random.Next(100)) / 100);
            }
        }
    }

    /// <summary>Whoever is still on a machine whose rental has ended loses it, whatever was agreed at the start.</summary>
    private void EndRentals()
    {
        foreach (var instance in _provider.Instances)
        {
            if (instance.GoneAt is null && State.Attempts.FirstOrDefault(attempt => attempt.ListedAs == instance.Label) is { } attempt
                && (instance.Term is { } term ? term.Until : attempt.Offer.Until) <= _now)
            {
                _provider.Remove(instance, _now);
            }
        }
    }
}
