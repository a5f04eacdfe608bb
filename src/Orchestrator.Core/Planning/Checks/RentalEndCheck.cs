using System.Globalization;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary>
/// A rental that ends by itself must outlive the expected finish and an orderly end after it. A machine that is there every night
/// need not, for a job that can go on the next one.
/// </summary>
/// <param name="now">When the job would begin there.</param>
/// <param name="drain">What an orderly end takes.</param>
/// <param name="resumes">The job has checkpoints.</param>
internal sealed class RentalEndCheck(DateTimeOffset now, TimeSpan drain, bool resumes)
{
    public const string Group = "rental ends too soon";

    /// <summary>Hours that are worth a start and what has to be brought there.</summary>
    private const double LeastVisit = 0.5;

    public bool Rejects(Offer offer, double hours) => EndsBefore(offer, resumes && offer.Reopens ? Math.Min(hours, LeastVisit) : hours);

    /// <summary>It does not see the end of so many hours, whether or not the job may go on there later.</summary>
    public bool EndsBefore(Offer offer, double hours) => offer.Until is { } until && (until - now - drain).TotalHours < hours;

    /// <summary>Where nobody knows how long the run is, only that counts.</summary>
    public bool IsOver(Offer offer) => offer.Until <= now;

    public string Words(Offer offer, double hours) =>
        string.Create(CultureInfo.InvariantCulture, $"ends in {((offer.Until ?? now) - now).TotalHours:0.0} h, {hours:0.0} h and {drain.TotalMinutes:0} min to end cleanly are needed");
}
