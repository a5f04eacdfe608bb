using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// What the planner believes before it has seen anything. "Study" is the market study this project began with (February
/// 2026), "recorded" what public recordings of 2025 and 2026 show, "judged" what no source gives: own history moves it.
/// </summary>
public static class Priors
{
    // Scores: the study's availability per tier (Secure 99.5 %+, Community 98-99 %, Vast.ai 95-99 %).
    // Reclaims: data centres from nine AWS V100 spot traces (median zone 0.16 per hour over the first 24 h). Nobody publishes
    // lifetimes of bids: the community's is judged, the marketplace's fitted to the generated worlds of seed 1 (their hosts differ,
    // so that the mean is above the usual one): with 0.05 half as many again were lost as expected, with 0.08 as many. Boots: recorded nights on which half of all rentals came to nothing, beside calm ones.
    // Boot times: the study's 2-5 minutes. Bandwidth: the study (Secure 500+/400+, Vast.ai on average 200-400/150-300).
    private static readonly TierPriors _own = new(0.998, 0.01, 0.99, 0.99, 0.2, 300, 100, 3650);
    private static readonly TierPriors _datacenter = new(0.995, 0.16, 0.97, 0.80, 3, 500, 400, 3650);
    private static readonly TierPriors _community = new(0.985, 0.04, 0.93, 0.88, 3, 300, 225, 180);
    private static readonly TierPriors _marketplace = new(0.975, 0.08, 0.85, 0.75, 3.5, 300, 225, 0);

    public static TierPriors Of(OfferTier tier) => tier switch
    {
        OfferTier.Own => _own,
        OfferTier.Datacenter => _datacenter,
        OfferTier.Community => _community,
        OfferTier.Marketplace => _marketplace,
    };

    /// <summary>A host that is away is away for this long on average; with it a score, which is a share of time, becomes a rate (judged).</summary>
    public const double OutageHours = 2;

    /// <summary>No score is believed beyond this: a new host has had no time to fail.</summary>
    public const double BestScore = 0.9995;

    /// <summary>And none below this: such a host is avoided anyway.</summary>
    public const double WorstScore = 0.5;

    /// <summary>
    /// Lifetimes are heavy-tailed: the hazard falls with age as in a Weibull distribution of this shape. Fitted to the nine AWS
    /// traces (0.49 to 0.93, median 0.64); failures of large machines give 0.7 to 0.8 (Schroeder and Gibson, DSN 2006).
    /// </summary>
    public const double LifeShape = 0.65;

    /// <summary>Rates are averages over the first day of an instance.</summary>
    public const double RateHours = 24;

    /// <summary>A bid at the floor is outbid this many times as often as the prior says (judged; no series of outbid events is public)...</summary>
    public const double HazardAtFloor = 1.6;

    /// <summary>...and one at the on-demand price this many times.</summary>
    public const double HazardAtOnDemand = 0.4;

    /// <summary>On-demand price ÷ bid floor of one machine where the former is unknown: the recorded median of 254 machines.</summary>
    public const double OnDemandOverFloor = 1.298;

    /// <summary>
    /// Weight of what is believed of a host by its kind, in interruptions: 2 stands for hosts whose rates differ by a factor of two
    /// (variance 1/2 of the mean's square). At a marketplace's usual rate it is worth some 30 hours.
    /// </summary>
    public const double LifeStrength = 2;

    /// <summary>The same of a kind of card by its provider, whose kinds differ by about a third (judged)...</summary>
    public const double KindStrength = 10;

    /// <summary>...and of a provider by the prior, which is off by no more than that (judged).</summary>
    public const double ProviderStrength = 10;

    /// <summary>The same of a host's boots, in launches...</summary>
    public const double BootStrength = 8;

    /// <summary>...and of a kind's and a provider's.</summary>
    public const double WideBootStrength = 24;

    /// <summary>The same for times, bandwidths and speeds, in observations...</summary>
    public const double MeanStrength = 2;

    /// <summary>...and for a kind's and a provider's boot times.</summary>
    public const double WideMeanStrength = 8;

    /// <summary>After this an observation counts half: hosts, owners and prices change within weeks.</summary>
    public const double HalfLifeDays = 30;

    /// <summary>A launch that comes to nothing is given up after this, and counted as billed.</summary>
    public const double BootDeadlineMinutes = 10;

    /// <summary>From the loss of a host until it is certain.</summary>
    public const double DetectMinutes = 2;

    /// <summary>Leaving a host in order takes this beside the last upload: the trainer's grace, the wipe.</summary>
    public const double LeaveMinutes = 2;

    /// <summary>Share of the published bandwidth that a transfer reaches (judged; hosts publish their best).</summary>
    public const double BandwidthReached = 0.8;

    /// <summary>No store and no registry gives one host more than this (judged).</summary>
    public const double MaxMbps = 2000;

    /// <summary>A trainer whose rhythm nobody knows saves this often: the study's advice for long runs.</summary>
    public const double TrainerRhythmMinutes = 30;

    /// <summary>In runs of more than 12 h nothing waits longer than this for a checkpoint (study: every 30-60 minutes).</summary>
    public const double LongRunRhythmMinutes = 60;

    /// <summary>Shortest rhythm that is ever asked for.</summary>
    public const double ShortestRhythmMinutes = 1;

    /// <summary>A trainer stands still for a checkpoint: this, and its size at <see cref="BlockingMBps"/>.</summary>
    public const double BlockingSeconds = 5;

    public const double BlockingMBps = 1000;

    /// <summary>Stand-ins for sizes that nobody gave.</summary>
    public static readonly ByteSize Image = ByteSize.FromGigabytes(8);

    public static readonly ByteSize Data = ByteSize.FromGigabytes(5);

    public static readonly ByteSize Checkpoint = ByteSize.FromGigabytes(2);

    /// <summary>n cards do n to this power times the work of one (judged: data parallel, without NVLink).</summary>
    public const double ScalingExponent = 0.93;

    /// <summary>Standard deviation of the logarithm of a time: what a table of cards is worth (recorded spread of one card over hosts 4-14 %, between cards more)...</summary>
    public const double SpreadOfTable = 0.20;

    /// <summary>...the same card...</summary>
    public const double SpreadOfSameCard = 0.08;

    /// <summary>...a person's estimate...</summary>
    public const double SpreadOfEstimate = 0.20;

    /// <summary>...and a measurement.</summary>
    public const double SpreadOfMeasurement = 0.05;
}
