using System.Globalization;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning.Checks;

/// <summary>Tier, score, verification, how long the host is known; what nobody publishes is taken to be usual for its tier.</summary>
internal sealed class HostCheck(ReliabilityPolicy policy, Reliability reliability, Loads loads, DateTimeOffset now) : Check
{
    private const string Tier = "not a data centre";
    private const string Unverified = "unverified";
    private readonly string _score = string.Create(CultureInfo.InvariantCulture, $"score < {reliability.MinScore * 100:0.##} %");
    private readonly string _slow = string.Create(CultureInfo.InvariantCulture, $"a checkpoint takes over {reliability.MostUpload * 60:0} min to send, score < 99 %");
    private readonly string _seen = string.Create(CultureInfo.InvariantCulture, $"listed for less than {policy.MinSeen.TotalDays:0.#} days");

    public override string? Rejects(Offer offer) =>
        reliability.DatacenterOnly && !Reliability.IsDatacenter(offer) ? Tier
        // Null: the provider verifies none, so there is nothing to ask for.
        : policy.Verified && offer.Verified == false ? Unverified
        : Score(offer) < reliability.MinScore && !(reliability.DatacenterExempt && Reliability.IsDatacenter(offer)) ? _score
        : reliability.IsTooSlow(offer, Score(offer), loads) ? _slow
        : policy.MinSeen > TimeSpan.Zero && Days(offer) < policy.MinSeen.TotalDays ? _seen
        : null;

    public override string Words(Offer offer)
    {
        var group = Rejects(offer);
        return group == Tier ? $"{offer.Tier.ToString().ToLowerInvariant()}, a data centre is wanted"
            : group == Unverified ? "its provider has not verified it; verified: false accepts it"
            : group == _score ? string.Create(CultureInfo.InvariantCulture, $"score {Score(offer) * 100:0.##} %{(offer.Score is null ? " (assumed)" : "")}, {reliability.MinScore * 100:0.##} % wanted")
            : group == _slow ? string.Create(CultureInfo.InvariantCulture, $"{Estimator.UploadHours(offer, loads) * 60:0} min for a checkpoint; so slow, it needs a score of 99 %, as without checkpoints")
            : string.Create(CultureInfo.InvariantCulture, $"listed for {Days(offer):0.#} days{(offer.ListedSince is null ? " (assumed)" : "")}, {policy.MinSeen.TotalDays:0.#} wanted");
    }

    private static double Score(Offer offer) => offer.Score ?? Priors.Of(offer.Tier).Score;

    private double Days(Offer offer) => offer.ListedSince is { } since ? (now - since).TotalDays : Priors.Of(offer.Tier).SeenDays;
}
