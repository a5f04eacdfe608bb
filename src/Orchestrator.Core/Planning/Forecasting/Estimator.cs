using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// What finishing on one offer is expected to cost: price x expected time paid, disk, what is moved, launches that come to
/// nothing. The time paid grows with boot, image, data and restore over the host's own line, the work at this card's speed,
/// checkpoints, and interruptions x (detect + start anew + restore + work lost since the last durable checkpoint): Daly's
/// expected time, in which the wait for an upload counts as work that is done again.
/// </summary>
internal sealed class Estimator(PlanRequest request, Loads loads, History history)
{
    /// <summary>Beyond this nothing is told apart: it is never the answer.</summary>
    private const double MostDollars = 1e9;

    private const double MostHours = 1e6;

    private const double LeastMbps = 0.001;

    private const double LeastPerHour = 0.001;

    private readonly WorkLeft _work = request.Work ?? throw new ArgumentException("an estimate needs the work that is left", nameof(request));
    private readonly Speeds _speeds = new(request.Work, history);

    /// <param name="offer">The offer.</param>
    /// <param name="price">Its price per hour, or the bid.</param>
    /// <param name="age">Where the job runs there already, since when; null = it would be rented.</param>
    public Outlook Of(Offer offer, Money price, TimeSpan? age = null)
    {
        var prior = Priors.Of(offer.Tier);
        var seen = history.Of(offer);
        var look = new Outlook
        {
            PricePerHour = (double)price.MicroDollars / 1e6,
            DiskPerHour = loads.DiskPerHour(offer),
            Speed = _speeds.Of(offer, seen),
            DownMbps = Line(offer.DownMbps, prior.DownMbps, seen.Machine?.Down),
            UpMbps = Line(offer.UpMbps, prior.UpMbps, seen.Machine?.Up),
            Boot = seen.BootHours(prior.BootMinutes / 60),
            BootSuccess = seen.Boots(offer.Capacity == CapacityType.Interruptible ? prior.SpotBootSuccess : prior.BootSuccess),
        };
        look.Work = Math.Min(MostHours, Math.Max(0, _work.Time.TotalHours) / look.Speed.Ratio);
        if (age is not null)
        {
            look.Work = Math.Max(0, look.Work - request.Running!.Ahead.TotalHours);
        }

        var (factor, shape) = seen.Interruptions();
        look.Rate = factor * PriorRate(offer, price, prior);
        look.RateShape = shape;

        var stage = Transfer(loads.Image + loads.Data, look.DownMbps);
        look.Start = age is null ? look.Boot + stage + Transfer(loads.Restore, look.DownMbps) : 0;
        look.Recover = (Priors.DetectMinutes / 60) + look.Boot + stage + Transfer(loads.Checkpoint, look.DownMbps);
        look.MeanBetween = Hazard.MeanBetween(look.Rate, age?.TotalHours ?? 0, look.Start + look.Work);
        Run(ref look, offer);
        Price(ref look, offer, launches: (age is null ? 1 : 0) + look.Interruptions, age is null);
        return look;
    }

    /// <summary>Interruptions per operational hour before anything was seen.</summary>
    public static double PriorRate(Offer offer, Money price, TierPriors prior)
    {
        var rate = Hazard.RateOfScore(offer.Score ?? prior.Score);
        return offer.Capacity == CapacityType.Interruptible ? rate + (prior.ReclaimsPerHour * Hazard.OfPosition(Bids.Position(offer, price))) : rate;
    }

    public double Delta => request.Rhythm.Blocking?.TotalHours ?? ((Priors.BlockingSeconds + (loads.Checkpoint * 1000 / Priors.BlockingMBps)) / 3600);

    private void Run(ref Outlook look, Offer offer)
    {
        double expected;
        if (request.Rhythm.HasCheckpoints)
        {
            look.Delta = Delta;
            look.Upload = Transfer(loads.Checkpoint, look.UpMbps);
            var rhythm = Rhythm.Of(request.Rhythm, look.Delta + PaidFor(look, offer), look.Upload, look.MeanBetween, look.Work);
            look.Rhythm = rhythm;

            // A run shorter than its rhythm makes no checkpoint: it is one piece.
            var interval = Math.Min(rhythm.Interval, Math.Max(look.Work, 1e-6));
            var delta = rhythm.Interval >= look.Work ? 0 : look.Delta;
            expected = RestartModel.ExpectedTime(look.Work, interval, delta, look.Recover + look.Upload, look.MeanBetween);
        }
        else
        {
            expected = RestartModel.ExpectedTime(look.Work, Math.Max(look.Work, 1e-6), 0, look.Recover, look.MeanBetween);
        }

        var paid = Math.Min(MostHours, look.Start + expected);
        look.Interruptions = paid / look.MeanBetween;

        // Begun units are billed: half a unit too much per instance.
        var unit = offer.BillingUnit.TotalHours / 2;
        look.PaidHours = Math.Min(MostHours, paid + ((1 + look.Interruptions) * unit));
    }

    /// <summary>Sending a checkpoint may cost money; in hours of this host, it is one more reason to make fewer.</summary>
    private double PaidFor(in Outlook look, Offer offer) => request.Prefer == PlanPreference.Speed
        ? 0
        : Math.Min(MostHours, loads.Checkpoint * PerGB(offer.UpPerGB) / Math.Max(LeastPerHour, look.PricePerHour + look.DiskPerHour));

    private void Price(ref Outlook look, Offer offer, double launches, bool moveIn)
    {
        var needed = Math.Min(look.PaidHours, look.Start + look.Work);
        look.VainHours = Math.Min(MostHours, launches * (1 - look.BootSuccess) / look.BootSuccess * Priors.BootDeadlineMinutes / 60);

        var restored = (moveIn ? loads.Restore : 0) + (look.Interruptions * loads.Checkpoint);
        var staged = launches * (loads.Image + loads.Data);
        var saved = look.Rhythm is { } rhythm ? look.PaidHours / rhythm.Interval * loads.Checkpoint : 0;
        look.Compute = Dollars(look.PricePerHour * needed);
        look.LostWork = Dollars(look.PricePerHour * (look.PaidHours - needed));
        look.Disk = Dollars(look.DiskPerHour * look.PaidHours);
        look.Moves = Dollars(((staged + restored) * PerGB(offer.DownPerGB)) + ((saved + loads.Outputs) * PerGB(offer.UpPerGB)));
        look.StoreEgress = Dollars(((launches * loads.Data) + restored) * PerGB(request.StoreEgressPerGB));
        look.NeverBoots = Dollars((look.PricePerHour + look.DiskPerHour) * look.VainHours);
    }

    private static double Line(double? published, double prior, LogMean? measured)
    {
        var reached = Math.Clamp(Priors.BandwidthReached * (published ?? prior), LeastMbps, Priors.MaxMbps);
        return measured?.Shrunk(reached) ?? reached;
    }

    private static double Transfer(double gigabytes, double mbps) => Math.Min(MostHours, gigabytes * 8000 / mbps / 3600);

    private static double PerGB(Money price) => (double)price.MicroDollars / 1e6;

    /// <summary>Rounded up: a forecast that is a fraction too dear harms nobody.</summary>
    public static Money Dollars(double dollars) => new((long)Math.Ceiling(Math.Min(MostDollars, Math.Max(0, dollars)) * 1e6));
}
