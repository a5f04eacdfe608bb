using System.Collections.Immutable;
using Orchestrator.Engine;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Rehearsals;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Providers.Renting;
using Orchestrator.Server.Api;
using Orchestrator.Server.Composition;

namespace Orchestrator.Server.Desk;

/// <summary>Plans over what all providers offer now, with what this installation has learned.</summary>
public sealed class EnginePlanDesk(OfferBook offers, JobStore jobs, WorkStore work, RehearsalStore rehearsals, MarketMemoryStore memory, HostBanStore bans, EgressPrices egress, RoomStore rooms, PriceStore prices, ProviderSet providers, EngineOptions engine, ServeOptions options) : IPlanDesk
{
    public async Task<PlanReply> PlanAsync(PlanAsk ask, CancellationToken cancellation)
    {
        var now = await jobs.NowAsync(cancellation);
        var read = ask.Spec.Read(now, options);
        if (read.Spec is not { } spec || read.HasErrors)
        {
            throw new DeskException(Refusal.BadRequest, "the spec cannot be planned", $"mend it; `orchestrator validate {ask.Spec.FileName}` checks it without a server", HandedSpecs.Lines(read.Problems, read.FileName));
        }

        if (spec.Schedule is { Cron: { } cron } schedule && Calendar.Zone(schedule.Zone) is { } zone)
        {
            // What a series would cost is what its next run would.
            spec = spec with { Schedule = schedule with { At = CronCalendar.Next(cron, zone, now) } };
        }

        var seen = await offers.GetAsync(engine.ListingAge, cancellation);
        var request = ask.WithSizes(PlanRequests.Of(spec, await work.OfSpecAsync(spec, cancellation), now)) with
        {
            StoreEgressPerGB = egress.Of(spec),
            Banned = await bans.ForPlansAsync(cancellation),
            Room = (await rooms.LookAsync(engine.Limits, null, cancellation))?.For([], spec.Budget.MaxTotal),
        };
        return PlanReplies.Make(spec, request, seen.Offers, await memory.LoadAsync(now, cancellation), ask.Explain, new PlanAround
        {
            Complete = seen.IsComplete,
            Policies = engine.Policies,
            Rehearsal = spec.Checkpoints is null ? null : await EngineRehearsalDesk.OfAsync(rehearsals, spec, cancellation),
            Store = egress.PlaceOf(spec)?.ToString(),
            FolderStore = FolderStoreNote.Of(options.Configuration, spec),
            Market = MarketReplies.Make(seen, await prices.UsualAsync(now, PriceStore.Reach, cancellation), PriceStore.Reach).Cards,
            SelfEnding = [.. providers.All.Where(provider => provider is ISelfEnding { IsSelfEndConfirmed: true }).Select(provider => provider.Name)],
            EndsAlone = providers.All.Where(provider => provider is ISelfEnding { EndsAlone: not null }).ToImmutableDictionary(provider => provider.Name, provider => ((ISelfEnding)provider).EndsAlone!.Value),
            Notes = [.. HandedSpecs.Lines(read.Problems, read.FileName).Select(problem => problem.Text), .. seen.Gaps],
        });
    }

    public async Task<ImmutableArray<SeenOffer>> MarketAsync(CancellationToken cancellation)
    {
        var now = await jobs.NowAsync(cancellation);
        var seen = await offers.GetAsync(engine.ListingAge, cancellation);
        return seen.IsComplete
            ? [.. seen.Offers.Select(offer => new SeenOffer(now, offer))]
            : throw new DeskException(Refusal.Unavailable, $"not all of the market is seen: {seen.Gaps[0]}", "a market without it would mislead; try again when `orchestrator doctor` is well");
    }
}
