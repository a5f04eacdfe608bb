using Orchestrator.Attempts;
using Orchestrator.Offers;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning.Memory;

/// <summary>One attempt as a lesson about its place; the same for what really happened and for what was simulated.</summary>
/// <param name="Place">Where.</param>
/// <param name="Reason">Why it ended; None = it lives.</param>
/// <param name="Launched">When it was ordered.</param>
/// <param name="Ready">When its agent was there; null = never.</param>
/// <param name="Trained">When the training began; null = never.</param>
/// <param name="Until">When it ended, or now.</param>
public sealed record AttemptSeen(Place Place, EndReason Reason, DateTimeOffset Launched, DateTimeOffset? Ready, DateTimeOffset? Trained, DateTimeOffset Until)
{
    /// <summary>A boot takes at least this share of the time until it is ready: the image may have been there already.</summary>
    private const double LeastBoot = 0.1;

    /// <summary>Of the time until it was ready, what the image took; plans count that by its size and the line.</summary>
    public TimeSpan Pull { get; init; }

    /// <summary>Interruptions per operational hour that were expected; null = not known.</summary>
    public double? Rate { get; init; }

    /// <param name="offer">As it was rented, its price the bid.</param>
    /// <param name="imageBytes">Size of the image, as it was known.</param>
    /// <param name="downMbps">Its line, as it was measured.</param>
    /// <param name="reason">Why it ended.</param>
    /// <param name="launched">When it was ordered.</param>
    /// <param name="ready">When its agent was there.</param>
    /// <param name="trained">When the training began.</param>
    /// <param name="until">When it ended, or now.</param>
    public static AttemptSeen Of(
        Offer offer, long imageBytes, double? downMbps, EndReason reason, DateTimeOffset launched, DateTimeOffset? ready, DateTimeOffset? trained, DateTimeOffset until) =>
        new(Place.Of(offer), reason, launched, ready, trained, until)
        {
            Pull = TimeSpan.FromHours(Estimator.DownloadHours(offer, imageBytes / 1e9, downMbps)),
            Rate = Hazard.PriorRate(offer, offer.PricePerHour),
        };

    /// <summary>
    /// A host that fails its check or cannot take the files was paid for as one that never boots. Null = nothing was learned: refused
    /// before it cost anything, ended by us, or denied the image by a registry.
    /// </summary>
    public BootSeen? Boot =>
        Trained is not null ? new BootSeen(Place, Ready ?? Trained.Value, BootOf((Ready ?? Trained.Value) - Launched))
        : Reason.IsInterruption() && Reason is not (EndReason.ImageDenied or EndReason.RentalEnds) ? new BootSeen(Place, Until, null)
        : null;

    /// <summary>Null = it did not live; what ends before the training is a matter of <see cref="Boot"/>.</summary>
    public LifeSeen? Life => Trained is not null && Ready is { } ready ? new LifeSeen(Place, Until, Until - ready, IsInterruption) { Rate = Rate } : null;

    private TimeSpan BootOf(TimeSpan took) => took - Pull is var boot && boot > took * LeastBoot ? boot : took * LeastBoot;

    /// <summary>The infrastructure took it, unforeseen: an end that the offer named before is none.</summary>
    private bool IsInterruption => Reason.IsInterruption() && Reason is not (EndReason.RentalEnds or EndReason.StageFailed);
}
