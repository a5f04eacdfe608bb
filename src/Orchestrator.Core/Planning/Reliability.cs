using System.Globalization;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning;

/// <summary>
/// The reliability in force. What the spec leaves open follows from the length of the run, as the market study advises: under
/// 4 h anything goes; up to 12 h a score of 99 % or a data centre, or 97 % with frequent checkpoints; longer runs need
/// checkpoints at least every hour, and then 97 % will do. One class per plan, by the work that is left as it was measured; a host
/// that takes longer than that to send a checkpoint is judged as if there were none.
/// </summary>
/// <param name="MinScore">Least score.</param>
/// <param name="DatacenterOnly">Own machines count as one.</param>
/// <param name="DatacenterExempt">A data centre needs no score.</param>
/// <param name="MostUpload">Hours: hosts that take longer to send a checkpoint need a score as without them.</param>
/// <param name="Words">For people.</param>
internal sealed record Reliability(double MinScore, bool DatacenterOnly, bool DatacenterExempt, double MostUpload, string Words)
{
    private const double High = 0.99;
    private const double Usual = 0.97;

    public static Reliability Of(PlanRequest request)
    {
        var policy = request.Reliability;
        var (score, upload, length) = ByLength(request);
        var least = policy.MinScore is { } written ? (double)written : score;
        var datacenter = policy.Tier == HostTier.Datacenter;
        var isAuto = policy.MinScore is null;
        var exempt = isAuto && least >= High;
        var rule = least <= 0 ? "any score" : string.Create(CultureInfo.InvariantCulture, $"score {least * 100:0.##} % or more{(exempt && !datacenter ? ", or a data centre" : "")}");
        return new Reliability(least, datacenter, exempt, isAuto ? upload : double.PositiveInfinity, $"{(isAuto ? length + ": " : "")}{rule}, {(datacenter ? "data centres only" : "any tier")}");
    }

    /// <summary>Own machines and data centres.</summary>
    public static bool IsDatacenter(Offer offer) => offer.Tier is OfferTier.Own or OfferTier.Datacenter;

    /// <summary>Its checkpoints become durable too late to count, and it is no data centre.</summary>
    public bool IsTooSlow(Offer offer, double score, Loads loads) =>
        score < High && MostUpload < double.PositiveInfinity && !IsDatacenter(offer) && Estimator.UploadHours(offer, loads) > MostUpload;

    /// <summary>Written or observed checkpoints that are too rare to be relied on in a run of that length.</summary>
    public static bool AreCheckpointsTooRare(PlanRequest request) =>
        request.Rhythm is { HasCheckpoints: true, Written.TotalMinutes: > Priors.LongRunRhythmMinutes } && request.Work?.Time.TotalHours > LengthClass.LongHours;

    private static (double Score, double MostUpload, string Words) ByLength(PlanRequest request)
    {
        const double any = double.PositiveInfinity;
        if (request.Work is not { } work)
        {
            return (Usual, any, "auto, length unknown");
        }

        var rhythm = request.Rhythm;
        var hours = work.Time.TotalHours;
        return hours < LengthClass.ShortHours ? (0, any, "auto, under 4 h")
            : !rhythm.HasCheckpoints ? (High, any, "auto, over 4 h without checkpoints")
            : hours > LengthClass.LongHours
                ? AreCheckpointsTooRare(request)
                    ? (High, any, "auto, over 12 h with checkpoints rarer than every hour")
                    : (Usual, Priors.LongRunRhythmMinutes / 60, "auto, over 12 h with checkpoints")
            : IsFrequent(rhythm) ? (Usual, LengthClass.FrequentMinutes / 60, "auto, 4 to 12 h with frequent checkpoints")
            : (High, any, "auto, 4 to 12 h");
    }

    private static bool IsFrequent(RhythmTerms rhythm) =>
        rhythm.Every.Kind == RhythmKind.Auto || rhythm.Written?.TotalMinutes <= LengthClass.FrequentMinutes;
}
