using System.Collections.Immutable;
using Orchestrator.Attempts;
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
        var hours = new PlanHours(spec, request.Now);
        var best = plan.Choices.FirstOrDefault()?.Forecast;
        return new PlanReply
        {
            StartsAt = hours.Begins is { } begins && begins > request.Now ? begins : null,
            NotBefore = request.NotBefore > request.Now ? request.NotBefore : null,
            NeverStarts = hours.Begins is null,
            DoneAt = hours.DoneAt(best?.Median),
            DoneAt90 = hours.DoneAt(best?.Time90),
            StartBelow = spec.Schedule?.StartBelow?.Dollars,
            Name = spec.Name,
            At = plan.At,
            RankedBy = Name(plan.RankedBy),
            Reliability = plan.Reliability,
            Work = request.Work is { } work ? new(work.Time.TotalSeconds, work.Gpu is null ? null : $"{work.GpuCount} x {work.Gpu}", work.Words) : null,
            Choices = [.. plan.Choices.Select(Of)],
            CheapestHour = plan.CheapestHour is { } hour ? Of(hour) : null,
            Offers = plan.Seen,
            Fit = plan.Fit,
            Rejected = [.. plan.Rejected.Select(Of)],
            NearMisses = plan.Fit > 0 ? [] : [.. Planner.NearMisses(request, offers, memory).Select(Of)],
            Missing = plan.Missing,
            Notes = plan.HeldBack is { } held ? [.. notes, plan.Choices.IsEmpty ? held + ": the job would wait" : held] : notes,
            Budget = spec.Budget.MaxTotal?.Dollars,
            OverBudget = plan.OverBudget is { } over ? Of(over) : null,
            Deadline = request.Deadline,
            Fallback = plan.Fallbacks is [var fallback, ..] ? Of(fallback) : null,
            MustStartBy = request.Deadline - plan.Fallbacks.FirstOrDefault()?.Forecast?.Time90 - new Policies().DeadlineMargin,
            MissedBySeconds = plan.MissedBy?.TotalSeconds,
            Explained = explain is null ? null : Explain(plan),
        };
    }

    private static Offer Find(ImmutableArray<Offer> offers, string named)
    {
        // As the plan shows it, with a blank, or as configurations name things.
        var found = offers.Where(offer => named == $"{offer.Provider} {offer.Id}" || named == Title(offer)).ToList();
        found = found.Count > 0 ? found : [.. offers.Where(offer => named == offer.Id || named == offer.Host)];
        return found switch
        {
            [var one] => one,
            [] => throw new DeskException(Refusal.NotFound, $"no offer is called \"{named}\" now", "name it as the plan does: PROVIDER/OFFER, or its host"),
            _ => throw new DeskException(Refusal.NotFound, $"{found.Count} offers are called \"{named}\"", $"name one of them: {string.Join(", ", found.Take(5).Select(Title))}"),
        };
    }

    private static PlanChoice Explain(Plan plan) => plan switch
    {
        { ExplainedRefused: { } rejection } => throw new DeskException(Refusal.Policy, $"{Title(rejection.Offer)} is rejected, {rejection.Group}: {rejection.Words}", "orchestrator plan FILE --explain rejected lists more of them"),
        { Explained: { Forecast: not null } choice } => Of(choice),
        _ => throw new DeskException(Refusal.Policy, "nobody knows how much work is left, so no cost can be explained", "give the spec an estimate: 6h on RTX 4090"),
    };

    private static string Title(Offer offer) => $"{offer.Provider}/{offer.Id}";

    private static PlanRejection Of(RejectionGroup group) => new(group.Name, group.Count, [.. group.Sample.Select(one => $"{Title(one.Offer)}: {one.Words}")]);

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
            Bid = offer.Capacity == CapacityType.Interruptible ? offer.PricePerHour.Dollars : null,
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
            Checkpoints = Checkpoints(forecast?.Checkpoints, choice.Rhythm),
            MissesDeadline = choice.MissesDeadline,
            Figures = [.. (forecast?.Figures ?? []).Select(figure => new PlanFigure(figure.Name, figure.Value, Name(figure.Origin)))],
        };
    }

    private static PlanCheckpoints? Checkpoints(CheckpointAdvice? advice, AttemptRhythm? rhythm) => (advice, rhythm) switch
    {
        ({ } best, _) => new(best.Every.TotalSeconds, best.OptimumFrom.TotalSeconds, best.OptimumTo.TotalSeconds, best.Upload.TotalSeconds, best.KeepsUp)
        {
            InterruptedEverySeconds = rhythm?.MeanBetween.TotalSeconds,
        },
        (_, { } asked) => new(asked.Every.TotalSeconds, asked.Every.TotalSeconds, asked.Every.TotalSeconds, asked.Upload.TotalSeconds, KeepsUp: true)
        {
            InterruptedEverySeconds = asked.MeanBetween.TotalSeconds,
        },
        _ => null,
    };

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
        FigureOrigin.Measured => "measured",
        _ => "computed",
    };
}
