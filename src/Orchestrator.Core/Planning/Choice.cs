using Orchestrator.Attempts;
using Orchestrator.Offers;

namespace Orchestrator.Planning;

/// <param name="Offer">The offer; where it takes bids, its price is the bid to make.</param>
/// <param name="PerHour">Compute and disk, per hour.</param>
public sealed record Choice(Offer Offer, Money PerHour)
{
    /// <summary>Null where nobody knows how much work is left. Made when it is first asked for: a tick takes one choice of many.</summary>
    public Forecast? Forecast => Making?.Value;

    internal Lazy<Forecast>? Making { get; init; }

    /// <summary>Expected to be done only after the deadline.</summary>
    public bool MissesDeadline { get; init; }

    /// <summary>How often the trainer would be asked for checkpoints; null where it is not the plan's to decide.</summary>
    public AttemptRhythm? Rhythm { get; init; }
}
