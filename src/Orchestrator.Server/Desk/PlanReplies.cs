using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Engine.Specs;
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
    /// <param name="explain">An offer to explain: its rank, its provider and id, or its host; null = none.</param>
    /// <param name="around">What else is known.</param>
    public static PlanReply Make(JobSpec spec, PlanRequest request, ImmutableArray<Offer> offers, MarketMemory memory, string? explain, PlanAround around)
    {
        var explained = new PlanExplained(explain, request.MaxChoices);
        var leases = PlanLeases.Of(spec, around);
        var plan = Planner.Plan(request, offers, around.Complete, memory, explained.Find(offers));
        var hours = new PlanHours(spec, request.Now);
        var best = plan.Choices.FirstOrDefault();
        var mustStartBy = request.Deadline - plan.Fallbacks.FirstOrDefault()?.Forecast?.Time90 - new Policies().DeadlineMargin;
        var waits = spec.Schedule is { StartBelow: not null } or { StartWindow: not null } or { RunWindow: not null } || mustStartBy is not { } latest ? null
            : Waits(plan, hours.Begins ?? request.Now, latest);
        var wait = waits is null ? TimeSpan.Zero : waits.Until - (hours.Begins ?? request.Now);
        return new PlanReply
        {
            StartsAt = hours.Begins is { } begins && begins > request.Now ? begins : null,
            NotBefore = request.NotBefore > request.Now ? request.NotBefore : null,
            NeverStarts = hours.Begins is null,
            DoneAt = hours.DoneAt(best?.Forecast?.Median) + wait,
            DoneAt90 = hours.DoneAt(best?.Forecast?.Time90) + wait,
            StartBelow = spec.Schedule?.StartBelow?.Dollars,
            Name = spec.Name,
            At = plan.At,
            Cards = CardWords.Of(request.Demand.Gpu),
            DiskBytes = plan.Loads?.DiskBytes,
            IsDiskAuto = request.Demand.Resources.Disk is null,
            Moves = plan.Loads is { } loads ? Moves(request, loads, best?.Forecast, around.Store) : null,
            Pinned = PlanPins.Of(spec),
            RankedBy = Words.Of(plan.RankedBy),
            Reliability = plan.Reliability,
            Work = request.Work is { } work ? new(work.Time.TotalSeconds, work.Gpu is null ? null : $"{work.GpuCount} x {work.Gpu}", work.Words) : null,
            Choices = [.. plan.Choices.Select(choice => PlanChoices.Of(choice, leases))],
            CheapestHour = plan.CheapestHour is { } hour ? PlanChoices.Of(hour, leases) : null,
            Fastest = Fastest(plan) is { } fastest ? PlanChoices.Of(fastest, leases) : null,
            Offers = plan.Seen,
            Fit = plan.Fit,
            Complete = plan.Complete,
            Rejected = [.. plan.Rejected.Select(Of)],
            NearMisses = plan.Fit > 0 ? [] : [.. Planner.NearMisses(request, offers, memory).Select(Of)],
            Missing = plan.Missing,
            Rehearsal = around.Rehearsal,
            Notes = [.. around.Notes, .. Absent(spec, offers), .. HeldBack(plan), .. TooSmall(spec, plan, request.Now, around.Policies), .. best is { Offer.Tier: not OfferTier.Own } && around.FolderStore is { } folder ? [folder] : Array.Empty<string>()],
            Budget = spec.Budget.MaxTotal?.Dollars,
            PausesAtBudget = spec.Budget.OnExhausted == BudgetExhausted.Pause,
            RoomPerHour = request.Room?.MostPerHour is { MicroDollars: < long.MaxValue } room ? Math.Max(0, room.Dollars) : null,
            VisibleSecrets = best is { Offer: { Tier: OfferTier.Marketplace or OfferTier.Community, Trusted: false } } ? [.. spec.Secrets.Keys, .. new[] { spec.RegistryAuth?.PasswordSecret }.OfType<string>()] : [],
            Market = best is null ? null : around.Market.FirstOrDefault(card => card.Gpu == best.Offer.Gpu && card.Capacity == Words.Of(best.Offer.Capacity)),
            OverBudget = plan.OverBudget is { } over ? PlanChoices.Of(over, leases) : null,
            Deadline = request.Deadline,
            Fallback = plan.Fallbacks is [var fallback, ..] ? PlanChoices.Of(fallback, leases) : null,
            MustStartBy = mustStartBy,
            Waits = waits,
            MissedBySeconds = plan.MissedBy?.TotalSeconds,
            Explained = explained.In(plan) is { } asked ? PlanChoices.Of(asked, leases) : null,
        };
    }

    /// <summary>By the median; the plan's own is by the mean, which a row of launches in vain weighs upon.</summary>
    private static Choice? Fastest(Plan plan) => plan.Fastest is { } soonest ? plan.Choices.Append(soonest).MinBy(choice => choice.Forecast?.Median) : null;

    private static PlanWait? Waits(Plan plan, DateTimeOffset ready, DateTimeOffset latest) =>
        plan.Usually is { } usual && Kernel.PatientUntil(ready, latest, new Policies()) is var until && until > ready
            ? new(usual.Gpu, Words.Of(usual.Capacity), usual.PerHour.Dollars, usual.Total.Dollars, until)
            : null;

    private static PlanMoves Moves(PlanRequest request, LoadView loads, Forecast? best, string? store) => new(loads.ImageBytes, loads.DataBytes, loads.CheckpointBytes)
    {
        IsImageAssumed = loads.ImageBytes > 0 && request.Sizes.Image is null,
        IsDataAssumed = loads.DataBytes > 0 && request.Sizes.Data is null,
        IsCheckpointAssumed = loads.CheckpointBytes > 0 && request.Sizes.Checkpoint is null,
        Checkpoints = best is { Checkpoints: { } rhythm, Work: var work } && rhythm.Stored > TimeSpan.Zero ? Math.Max(1, (long)(work / rhythm.Stored)) : null,
        Store = store,
        EgressPerGB = request.StoreEgressPerGB?.Dollars,
    };

    /// <summary>What the spec names and nobody offers: mistyped, not configured, or sold out.</summary>
    private static IEnumerable<string> Absent(JobSpec spec, ImmutableArray<Offer> offers)
    {
        var absent = spec.Providers.Where(choice => !choice.Excluded && !offers.Any(offer => ProviderNames.Names(choice.Name, offer))).Select(choice => choice.Name).ToList();
        if (absent.Count > 0)
        {
            var there = offers.Select(offer => offer.Provider).Distinct().Order(StringComparer.Ordinal).ToList();
            yield return $"providers: nothing of {string.Join(", ", absent)} is offered now; offers come from {(there.Count > 0 ? string.Join(", ", there) : "nowhere")}";
        }
    }

    /// <summary>A budget that the whole job might fit into, and in which nothing would be begun.</summary>
    private static IEnumerable<string> TooSmall(JobSpec spec, Plan plan, DateTimeOffset now, Policies policies)
    {
        if (spec.Budget.MaxTotal is { } max && !plan.Choices.IsEmpty
            && plan.Choices.Min(choice => Kernel.LeastBudget(TermsBuilder.Build(spec, now), OfferTaken.Of(choice.Offer, plan.Loads), policies, now)) is var least && least > max && plan.Choices.All(choice => !choice.Offer.IsOwnOrFree))
        {
            yield return FormattableString.Invariant($"budget.max-total: with {max} nothing would be begun: a boot may take long, and it and leaving in order must fit; {decimal.Ceiling(least.Dollars * 100) / 100:$0.00} at least");
        }
    }

    private static IEnumerable<string> HeldBack(Plan plan)
    {
        if (plan.HeldBack is { } held)
        {
            yield return plan.Choices.IsEmpty ? held + ": the job would wait" : held;
        }
    }

    private static PlanRejection Of(RejectionGroup group) => new(group.Name, group.Count, [.. group.Sample.Select(one => new PlanRejected(one.Offer.Provider, one.Offer.Id, one.Words))]);
}
