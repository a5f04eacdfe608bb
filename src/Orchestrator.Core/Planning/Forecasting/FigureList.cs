using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>Every number behind a forecast and where it came from, for <c>plan --explain</c>.</summary>
internal static class FigureList
{
    public static ImmutableArray<Figure> Of(PlanRequest request, Loads loads, Offer offer, in Outlook look, Continuation? then, History history)
    {
        var seen = history.Of(offer);
        var sizes = request.Sizes;
        var list = ImmutableArray.CreateBuilder<Figure>();
        void Add(string name, FormattableString value, FigureOrigin origin) => list.Add(new Figure(name, value.ToString(CultureInfo.InvariantCulture), origin));

        Add(offer.BidFloor is null ? "price" : "bid", $"{offer.PricePerHour}/h{Bidding(offer)}", offer.BidFloor is null ? FigureOrigin.Published : FigureOrigin.Computed);
        Add("disk", $"{loads.DiskOn(offer.Tier):0} GB at {offer.DiskPerGBMonth}/GB-month", loads.IsDiskAuto ? FigureOrigin.Computed : FigureOrigin.Spec);
        Add("work left", $"{request.Work!.Time.TotalHours:0.00} h on {request.Work.GpuCount} x {request.Work.Gpu ?? "any card"} ({request.Work.Words})", Of(request.Work.Source));
        Add("speed", $"{look.Speed.Ratio:0.00} times that, so {look.Work:0.00} h here", look.Speed.Origin);
        Add("image", $"{loads.Image:0.0} GB", Known(sizes.Image is not null || !request.Demand.NeedsImage));
        Add("data", $"{loads.Data:0.0} GB", Known(sizes.Data is not null));
        Add("checkpoint", $"{loads.Checkpoint:0.00} GB", sizes.IsCheckpointMeasured ? FigureOrigin.Measured : Known(sizes.Checkpoint is not null));
        Add("bandwidth down", $"{look.DownMbps:0} Mbps reached{Published(offer.DownMbps)}", Line(offer.DownMbps, seen.Machine?.Down));
        Add("bandwidth up", $"{look.UpMbps:0} Mbps reached{Published(offer.UpMbps)}", Line(offer.UpMbps, seen.Machine?.Up));
        Add("transfer price", $"{offer.DownPerGB}/GB in, {offer.UpPerGB}/GB out", FigureOrigin.Published);
        Add("store egress", $"{(request.StoreEgressPerGB is { } egress ? $"{egress}/GB" : "not known; nothing is counted (stores: egress-price)")}", Known(request.StoreEgressPerGB is not null));
        Add("boot", $"{look.Boot * 60:0.0} min; training begins after {look.Start * 60:0} min", Learned(seen.Provider?.BootHours.Weight > 0 || seen.Host?.BootHours.Weight > 0));
        Add("launches that succeed", $"{look.BootSuccess:0.0%}", Learned(seen.Provider is { Launches: > 0 }));
        Add("score", $"{(offer.Score ?? Priors.Of(offer.Tier).Score) * 100:0.##} %", offer.Score is null ? FigureOrigin.Assumed : FigureOrigin.Published);
        Add("interruptions", $"one in {look.MeanBetween:0.0} h over this run; {look.Interruptions:0.00} expected", Learned(seen.Provider is { Expected: > 0 } or { Interruptions: > 0 }));
        Add("an interruption costs", $"{look.Recover * 60:0} min until training goes on, and the work since the last durable checkpoint", FigureOrigin.Computed);
        Add("ends without one", $"{1 - look.First.Interrupted:0%}; on average {look.First.Left:0.00} h of the work are left to others", FigureOrigin.Computed);
        if (then is not null)
        {
            Add("work after an interruption", Next(look, then), FigureOrigin.Computed);
        }

        if (look.Rhythm is { } rhythm)
        {
            Add("checkpoint stops training for", $"{look.Delta * 3600:0} s", request.Rhythm.Blocking is null ? FigureOrigin.Assumed : FigureOrigin.Spec);
            Add("checkpoint rhythm", $"{rhythm.Made * 60:0} min (optimum {rhythm.Optimum * 60:0}), upload {look.Upload * 60:0.0} min{(rhythm.Interval > rhythm.Made ? string.Create(CultureInfo.InvariantCulture, $": one is stored every {rhythm.Interval * 60:0} min") : "")}", request.Rhythm.Every.Kind == RhythmKind.Auto ? FigureOrigin.Computed : Known(request.Rhythm.Written is not null));
        }

        return list.ToImmutable();
    }

    private static FormattableString Next(in Outlook look, Continuation then) => then.Total <= look.PerWork.Total
        ? (FormattableString)$"${look.PerWork.Total:0.000} per hour of it, on more of the same: the market, at ${then.Total:0.000}, asks no more"
        : $"${then.Total:0.000} per hour of it: {Share(then.Market, then.Share)}{(then.Share < 1 ? ", then on demand " + Share(then.OnDemand, 1 - then.Share) : "")}, {Priors.NextOverBest - 1:0%} dearer since the best is gone; by itself this offer asks ${look.PerWork.Total:0.000}";

    private static string Share(in Candidate one, double share) => string.Create(CultureInfo.InvariantCulture, $"{one.Offer.Provider} {one.Offer.Id} ${one.PerWork:0.000} ({share:0%})");

    private static string Bidding(Offer offer) => offer.BidFloor is { } floor
        ? $", floor {floor}, on demand {Bids.Highest(offer, floor)}{(offer.OnDemandPerHour is null ? " (assumed)" : "")}"
        : "";

    private static string Published(double? mbps) => mbps is { } figure ? string.Create(CultureInfo.InvariantCulture, $" of {figure:0} published") : "";

    private static FigureOrigin Line(double? published, LogMean? measured) =>
        measured is { Weight: > 0 } ? FigureOrigin.History : published is null ? FigureOrigin.Assumed : FigureOrigin.Published;

    private static FigureOrigin Of(WorkSource source) => source switch
    {
        WorkSource.Spec => FigureOrigin.Spec,
        WorkSource.ImageHistory => FigureOrigin.History,
        WorkSource.Rehearsal or WorkSource.JobHistory => FigureOrigin.Measured,
    };

    private static FigureOrigin Known(bool known) => known ? FigureOrigin.Spec : FigureOrigin.Assumed;

    private static FigureOrigin Learned(bool learned) => learned ? FigureOrigin.History : FigureOrigin.Assumed;
}
