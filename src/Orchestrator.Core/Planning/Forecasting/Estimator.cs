using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// What finishing on one offer is expected to cost: price x expected time paid, disk, what is moved, launches that come to
/// nothing. The time paid grows with boot, image, data and restore over the host's own line, the work at this card's speed,
/// checkpoints, and interruptions x (detect + start anew + restore + work lost since the last durable checkpoint): as in Daly's
/// expected time, but with a hazard that falls with age (<see cref="Survival"/>). The wait for an upload counts as work that is
/// done again.
/// </summary>
internal sealed class Estimator(PlanRequest request, Loads loads, History history)
{
    /// <summary>Beyond this nothing is told apart: it is never the answer.</summary>
    private const double MostDollars = 1e9;

    private const double MostHours = 1e6;

    private const double LeastMbps = 0.001;

    /// <summary>Hours: what is left always takes a moment.</summary>
    private const double LeastWork = 1e-6;

    private const double LeastAge = 1e-6;

    /// <summary>Share of the work that an instance gets done: where it is less, no price is right.</summary>
    private const double LeastDone = 1e-9;

    private const double LeastPerHour = 0.001;

    private const double BootDeadline = Priors.BootDeadlineMinutes / 60;

    private readonly WorkLeft _work = request.Work ?? throw new ArgumentException("an estimate needs the work that is left", nameof(request));
    private readonly Speeds _speeds = new(request.Work, history);

    /// <summary>Hours of work left on the cards it was measured on.</summary>
    public double Work { get; } = Math.Clamp(request.Work!.Time.TotalHours, LeastWork, MostHours);

    /// <param name="offer">The offer.</param>
    /// <param name="price">Its price per hour, or the bid.</param>
    /// <param name="age">Where the job runs there already, since when; null = it would be rented.</param>
    public Outlook Of(Offer offer, Money price, TimeSpan? age = null)
    {
        var look = Bare(offer, age);
        Price(ref look, offer, price);
        return look;
    }

    /// <summary>What does not depend on the price; <see cref="Price"/> fills in the rest.</summary>
    public Outlook Bare(Offer offer, TimeSpan? age = null)
    {
        var prior = Priors.Of(offer.Tier);
        var seen = history.Of(offer);
        var look = new Outlook
        {
            DiskPerHour = loads.DiskPerHour(offer),
            Age = (age ?? (offer.Warm is { } warm ? request.Now - warm.CreatedAt : null)) is { } lived ? Math.Max(LeastAge, lived.TotalHours) : 0,
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

        (look.RateFactor, look.RateShape) = seen.Interruptions();
        var stage = Transfer(loads.Image + loads.Data, look.DownMbps);
        look.Start = age is not null ? 0
            : offer.Warm is { } there ? Transfer(Fetched(there) + loads.Restore, look.DownMbps)
            : look.Boot + stage + Transfer(loads.Restore, look.DownMbps);
        look.Recover = (Priors.DetectMinutes / 60) + look.Boot + stage + Transfer(loads.Checkpoint, look.DownMbps);
        return look;
    }

    /// <param name="look">As <see cref="Bare"/> made it.</param>
    /// <param name="offer">The same offer.</param>
    /// <param name="price">Its price per hour, or the bid.</param>
    public void Price(ref Outlook look, Offer offer, Money price)
    {
        var stays = look.Age > 0;
        look.PricePerHour = (double)price.MicroDollars / 1e6;
        look.Rate = look.RateFactor * Hazard.PriorRate(offer, price);
        look.MeanBetween = Hazard.MeanBetween(look.Rate, look.Age > LeastAge ? look.Age : 0, look.Start + look.Work);
        if (request.Rhythm.HasCheckpoints)
        {
            look.Delta = Delta;
            look.Upload = Transfer(loads.Checkpoint, look.UpMbps);
            look.Rhythm = Rhythm.Of(request.Rhythm, look.Delta, PaidFor(look, offer), look.Upload, look.MeanBetween, look.Work);
        }

        look.First = Of(look, offer, CourseOf(look, WorkOf(look), look.Age, loads.Restore, offer.Warm), isFirst: true);
        look.PerWork = (stays ? Again(look, offer, WorkOf(look)) : look.First).PerWork(look.PricePerHour / look.Speed.Ratio, MoreRestored(look, offer));

        // Whatever the market asks after an interruption: were time priced by others' cards, a cheaper offer could look slower.
        var alike = look.First.Costs + (look.PerWork * look.First.Left);
        look.Hours = Math.Min(MostHours, alike.Hours);
        look.Interruptions = Math.Min(MostHours, alike.Interruptions);
        look.VainHours = Math.Min(look.Hours, ((stays ? 0 : 1) + look.Interruptions) * VainLaunches(look.BootSuccess) * BootDeadline);
    }

    public double Delta => request.Rhythm.Blocking?.TotalHours ?? ((Priors.BlockingSeconds + (loads.Checkpoint * 1000 / Priors.BlockingMBps)) / 3600);

    /// <summary>Sending a checkpoint may cost money; in hours of this host, it is one more reason to make fewer.</summary>
    private double PaidFor(in Outlook look, Offer offer) => request.Prefer == PlanPreference.Speed
        ? 0
        : Math.Min(MostHours, loads.Checkpoint * PerGB(offer.UpPerGB) / Math.Max(LeastPerHour, look.PricePerHour + look.DiskPerHour));

    /// <summary>An instance that takes the job up from its checkpoint, with so much work left.</summary>
    public Leg Again(in Outlook look, Offer offer, double work) => Of(look, offer, CourseOf(look, work, 0, loads.Checkpoint), isFirst: false);

    /// <summary>How the instance that would be rented, or is, may end.</summary>
    public void EndsOfFirst(in Outlook look, Offer offer, Span<LegEnd> ends) => Ends(look, offer, CourseOf(look, WorkOf(look), look.Age, loads.Restore, offer.Warm), ends);

    /// <summary>How one that takes the job up again may end.</summary>
    public void EndsOfAgain(in Outlook look, Offer offer, double work, Span<LegEnd> ends) => Ends(look, offer, CourseOf(look, work, 0, loads.Checkpoint), ends);

    /// <summary>What is left for it, in hours of the cards it was measured on: whoever stays has done some of it already.</summary>
    private double WorkOf(in Outlook look) => look.Age > 0 ? Math.Min(Work, look.Work * look.Speed.Ratio) : Work;

    private void Ends(in Outlook look, Offer offer, in Course course, Span<LegEnd> ends)
    {
        var finishes = course.Life.At(course.Setup + course.Training);
        ends[0] = new LegEnd(finishes, CostsOf(look, offer, course, course.Setup + course.Training, 1, 1, isFirst: false).Total, 0);
        var parts = ends.Length - 1;
        for (var i = 0; i < parts; i++)
        {
            // The middle of each part of those that are interrupted.
            var lived = Math.Min(course.Setup + course.Training, course.Life.HoursAt(1 - ((1 - finishes) * (i + 0.5) / parts)));
            var kept = Math.Clamp((lived - course.Setup - course.Lost) / course.Training, 0, 1);
            ends[i + 1] = new LegEnd((1 - finishes) / parts, CostsOf(look, offer, course, lived, 0, kept, isFirst: false).Total, course.Work * (1 - kept));
        }
    }

    private Leg Of(in Outlook look, Offer offer, in Course course, bool isFirst)
    {
        var (finishes, lived) = course.Life.Of(course.Setup + course.Training);
        var kept = Math.Clamp((lived - course.Life.Hours(course.Setup + course.Lost) + (finishes * course.Lost)) / course.Training, LeastDone, 1);
        var done = course.Work * kept;
        return new Leg(CostsOf(look, offer, course, lived, finishes, kept, isFirst), done, course.Work - done, 1 - finishes);
    }

    /// <param name="look">Figures of the offer.</param>
    /// <param name="work">Hours of work on the cards it was measured on.</param>
    /// <param name="age">Hours it has run; above 0 it costs no boot and moves no data.</param>
    /// <param name="restore">Gigabytes of checkpoint to fetch.</param>
    /// <param name="warm">It is taken over from another job, and what that one has not left there is fetched; null = it is rented, or the job's own.</param>
    private Course CourseOf(in Outlook look, double work, double age, double restore, WarmHost? warm = null)
    {
        work = Math.Max(work, LeastWork);
        var (isThere, stays) = (age > 0, age > 0 && warm is null);
        var data = stays ? 0 : warm is null ? loads.Data : Fetched(warm);
        var local = work / look.Speed.Ratio;

        // A run shorter than its rhythm makes no checkpoint and loses all it did; a long one half an interval, and what was on its way.
        var saves = look.Rhythm is { } rhythm && rhythm.Interval < local;
        var interval = saves ? look.Rhythm!.Value.Interval : local;
        var slower = look.Rhythm?.Slower(look.Delta, local) ?? 1;
        var training = Math.Min(MostHours, local * slower);
        return new Course
        {
            IsThere = isThere,
            Data = data,
            Work = work,
            Local = local,
            Restore = stays ? 0 : restore,
            Setup = stays ? 0 : Transfer((isThere ? 0 : loads.Image) + data + restore, look.DownMbps),
            Training = training,
            Sent = saves ? training / (interval * slower) * loads.Checkpoint : 0,
            Lost = saves ? Math.Min(training, (interval * slower * 0.5 * (1 + (interval / local))) + look.Upload) : training,
            Life = new Survival(look.Rate, look.RateShape, age),
        };
    }

    /// <param name="look">Figures of the offer.</param>
    /// <param name="offer">The offer.</param>
    /// <param name="course">What it would do.</param>
    /// <param name="lived">Hours it is there.</param>
    /// <param name="finishes">Chance that it sees the end.</param>
    /// <param name="kept">Share of the work that is durable then.</param>
    /// <param name="isFirst">Its start is needed anyway, not a cost of interruptions.</param>
    private PartCosts CostsOf(in Outlook look, Offer offer, in Course course, double lived, double finishes, double kept, bool isFirst)
    {
        var boot = course.IsThere ? 0 : look.Boot;
        var hours = Math.Min(MostHours, boot + lived + ((1 - finishes) * Priors.DetectMinutes / 60));

        // Where the host is there already, the unit that has begun is paid: on average by as much as the last one will be too long.
        var rounding = course.IsThere ? 0 : Billed(hours, offer) - hours;
        var needed = Math.Min(hours, (course.Local * kept) + (isFirst ? boot + course.Setup : 0));
        var sent = course.Sent * Math.Max(0, lived - course.Setup) / course.Training;
        var data = course.Data;
        var image = course.IsThere ? 0 : loads.Image;
        var vain = course.IsThere ? 0 : VainLaunches(look.BootSuccess);
        return new PartCosts(
            look.PricePerHour * (needed + rounding),
            look.PricePerHour * (hours - needed),
            look.DiskPerHour * hours,
            ((image + data + course.Restore) * PerGB(offer.DownPerGB)) + ((sent + (finishes * loads.Outputs)) * PerGB(offer.UpPerGB)),
            (data + course.Restore) * PerGB(request.StoreEgressPerGB ?? Money.Zero),
            vain * ((look.PricePerHour * Billed(BootDeadline, offer)) + (look.DiskPerHour * BootDeadline)),
            hours + (vain * BootDeadline),
            1 - finishes);
    }

    /// <summary>
    /// Begun units are billed whole: half a unit too much, since nobody knows to the unit how long it takes, and one at least. (Rounded
    /// by the expected hours, it would jump, and a host that is more reliable could look dearer.)
    /// </summary>
    private static double Billed(double hours, Offer offer) => Math.Max(offer.BillingUnit.TotalHours, hours + (offer.BillingUnit.TotalHours / 2));

    /// <summary>What follows an interruption costs what the market asks then, and never less than more of the same.</summary>
    public void Settle(ref Outlook look, Continuation? then)
    {
        var rest = then is null || then.Total <= look.PerWork.Total ? look.PerWork : then.PerWork;
        var costs = look.First.Costs + (rest * look.First.Left);
        look.Compute = Dollars(costs.Compute);
        look.LostWork = Dollars(costs.LostWork);
        look.Disk = Dollars(costs.Disk);
        look.Moves = Dollars(costs.Moves);
        look.StoreEgress = Dollars(costs.StoreEgress);
        look.NeverBoots = Dollars(costs.NeverBoots);
    }

    /// <summary>What taking a job up again costs more than its first start, if others like it follow: the checkpoint is fetched.</summary>
    private PartCosts MoreRestored(in Outlook look, Offer offer)
    {
        var more = look.Age > 0 ? 0 : loads.Checkpoint - loads.Restore;
        return more <= 0 ? default : new PartCosts(
            0, look.PricePerHour * Transfer(more, look.DownMbps), 0, more * PerGB(offer.DownPerGB), more * PerGB(request.StoreEgressPerGB ?? Money.Zero), 0, Transfer(more, look.DownMbps), 0);
    }

    /// <summary>Launches that come to nothing before the one that does not.</summary>
    private static double VainLaunches(double bootSuccess) => (1 - bootSuccess) / bootSuccess;

    /// <summary>Hours until a checkpoint is durable, by the line that is published or usual.</summary>
    public static double UploadHours(Offer offer, Loads loads) => Transfer(loads.Checkpoint, Line(offer.UpMbps, Priors.Of(offer.Tier).UpMbps, null));

    /// <summary>Hours to receive so much, by the line that was measured; null = by the one that is published or usual.</summary>
    public static double DownloadHours(Offer offer, double gigabytes, double? mbps) =>
        Transfer(gigabytes, mbps is > 0 and < double.PositiveInfinity ? mbps.Value : Line(offer.DownMbps, Priors.Of(offer.Tier).DownMbps, null));

    private static double Line(double? published, double prior, LogMean? measured)
    {
        var reached = Math.Clamp(Priors.BandwidthReached * (published ?? prior), LeastMbps, Priors.MaxMbps);
        return measured?.Shrunk(reached) ?? reached;
    }

    /// <summary>Gigabytes that a host which is taken over lacks.</summary>
    private double Fetched(WarmHost warm) => Math.Min(loads.Data, warm.FetchBytes / 1e9);

    private static double Transfer(double gigabytes, double mbps) => Math.Min(MostHours, gigabytes * 8000 / mbps / 3600);

    private static double PerGB(Money price) => (double)price.MicroDollars / 1e6;

    /// <summary>Rounded up: a forecast that is a fraction too dear harms nobody.</summary>
    public static Money Dollars(double dollars) => new((long)Math.Ceiling(Math.Min(MostDollars, Math.Max(0, dollars)) * 1e6));
}
