using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;
using Orchestrator.Reconciling;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Makes a plan and says it for people and scripts; the server and <c>plan --offers</c> share it.</summary>
internal static class PlanReplies
{
    /// <param name="spec">The job.</param>
    /// <param name="request">What the plan is asked for.</param>
    /// <param name="offers">The market.</param>
    /// <param name="memory">What was learned of it.</param>
    /// <param name="explain">Provider and id of an offer to explain, or its host; null = none.</param>
    /// <param name="notes">For a person.</param>
    public static PlanReply Make(JobSpec spec, PlanRequest request, ImmutableArray<Offer> offers, MarketMemory memory, string? explain, ImmutableArray<string> notes)
    {
        var plan = Planner.Plan(request, offers, complete: true, memory, explain is null ? null : Find(offers, explain));
        return new PlanReply
        {
            Name = spec.Name,
            At = plan.At,
            RankedBy = Name(plan.RankedBy),
            Reliability = plan.Reliability,
            Work = request.Work is { } work ? new(work.Time.TotalSeconds, work.Gpu is null ? null : $"{work.GpuCount} x {work.Gpu}", work.Words) : null,
            Choices = [.. plan.Choices.Select(Of)],
            CheapestHour = plan.CheapestHour is { } hour ? Of(hour) : null,
            Offers = plan.Seen,
            Fit = plan.Fit,
            Rejected = [.. plan.Rejected.Select(group => new PlanRejection(group.Name, group.Count, [.. group.Sample.Select(one => $"{Title(one.Offer)}: {one.Words}")]))],
            Missing = plan.Missing,
            Notes = plan.HeldBack is { } held ? [.. notes, plan.Choices.IsEmpty ? held + ": the job would wait" : held] : notes,
            Budget = spec.Budget.MaxTotal?.Dollars,
            Deadline = request.Deadline,
            Fallback = plan.Fallbacks is [var fallback, ..] ? Of(fallback) : null,
            MustStartBy = request.Deadline - plan.Fallbacks.FirstOrDefault()?.Forecast?.Time90 - new Policies().DeadlineMargin,
            MissedBySeconds = plan.MissedBy?.TotalSeconds,
            Explained = explain is null ? null : Explain(plan),
        };
    }

    private static Offer Find(ImmutableArray<Offer> offers, string named) =>
        offers.FirstOrDefault(offer => named == offer.Id || named == $"{offer.Provider}/{offer.Id}" || named == offer.Host)
            ?? throw new DeskException(Refusal.NotFound, $"no offer is called \"{named}\" now", "name it as the plan does: PROVIDER/OFFER, or its host");

    private static PlanChoice Explain(Plan plan) => plan switch
    {
        { ExplainedRefused: { } rejection } => throw new DeskException(Refusal.Policy, $"{Title(rejection.Offer)} is rejected, {rejection.Group}: {rejection.Words}", "orchestrator plan FILE --explain rejected lists more of them"),
        { Explained: { Forecast: not null } choice } => Of(choice),
        _ => throw new DeskException(Refusal.Policy, "nobody knows how much work is left, so no cost can be explained", "give the spec an estimate: 6h on RTX 4090"),
    };

    private static string Title(Offer offer) => $"{offer.Provider}/{offer.Id}";

    private static PlanChoice Of(Choice choice)
    {
        var (offer, forecast) = (choice.Offer, choice.Forecast);
        return new PlanChoice
        {
            Provider = offer.Provider,
            Offer = offer.Id,
            Host = offer.Host,
            Gpu = offer.Gpu,
            GpuCount = offer.GpuCount,
            Capacity = offer.Capacity == CapacityType.OnDemand ? "on-demand" : "interruptible",
            Bid = offer.BidFloor is null ? null : offer.PricePerHour.Dollars,
            PerHour = choice.PerHour.Dollars,
            MedianSeconds = forecast?.Median.TotalSeconds,
            Seconds90 = forecast?.Time90.TotalSeconds,
            Compute = forecast?.Compute.Dollars,
            LostWork = forecast?.LostWork.Dollars,
            Disk = forecast?.Disk.Dollars,
            Moves = forecast?.Moves.Dollars,
            StoreEgress = forecast?.StoreEgress.Dollars,
            NeverBoots = forecast?.NeverBoots.Dollars,
            Total = forecast?.Total.Dollars,
            Total90 = forecast?.Total90.Dollars,
            Interruptions = forecast?.Interruptions,
            Checkpoints = forecast?.Checkpoints is { } advice
                ? new(advice.Every.TotalSeconds, advice.OptimumFrom.TotalSeconds, advice.OptimumTo.TotalSeconds, advice.Upload.TotalSeconds, advice.KeepsUp)
                : null,
            MissesDeadline = choice.MissesDeadline,
            Figures = [.. (forecast?.Figures ?? []).Select(figure => new PlanFigure(figure.Name, figure.Value, Name(figure.Origin)))],
        };
    }

    private static string Name(PlanPreference preference) => preference switch
    {
        PlanPreference.Cost => "cost",
        PlanPreference.Speed => "speed",
        _ => "hourly",
    };

    private static string Name(FigureOrigin origin) => origin switch
    {
        FigureOrigin.Published => "published",
        FigureOrigin.Assumed => "assumed",
        FigureOrigin.History => "history",
        FigureOrigin.Spec => "spec",
        _ => "computed",
    };
}
