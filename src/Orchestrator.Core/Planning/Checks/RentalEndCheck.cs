using System.Globalization;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary>A rental that ends by itself must outlive the expected finish and an orderly end after it.</summary>
internal sealed class RentalEndCheck(DateTimeOffset now, TimeSpan drain)
{
    public const string Group = "rental ends too soon";

    public bool Rejects(Offer offer, double hours) => offer.Until is { } until && (until - now - drain).TotalHours < hours;

    /// <summary>Where nobody knows how long the run is, only that counts.</summary>
    public bool IsOver(Offer offer) => offer.Until <= now;

    public string Words(Offer offer, double hours) =>
        string.Create(CultureInfo.InvariantCulture, $"ends in {((offer.Until ?? now) - now).TotalHours:0.0} h, {hours:0.0} h and {drain.TotalMinutes:0} min to end cleanly are needed");
}
