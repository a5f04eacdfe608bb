using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;

namespace Orchestrator.Planning;

/// <summary>Which offers would do, best first, and why the others do not. A plan spends nothing.</summary>
public sealed record Plan
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Best first, bounded by <see cref="PlanRequest.MaxChoices"/>.</summary>
    public required ImmutableArray<Choice> Choices { get; init; }

    /// <summary>Beyond <see cref="Choices"/>: the best of each provider, best first, and the offer with the lowest price per hour.</summary>
    public ImmutableArray<Choice> Others { get; init; } = [];

    /// <summary>Offers looked at.</summary>
    public required int Seen { get; init; }

    /// <summary>Offers that would do; <see cref="Choices"/> may show fewer.</summary>
    public required int Fit { get; init; }

    /// <summary>Most first.</summary>
    public required ImmutableArray<RejectionGroup> Rejected { get; init; }

    /// <summary>All providers answered; false = an empty plan proves nothing.</summary>
    public required bool Complete { get; init; }

    /// <summary>It is not complete only because a part of a market was not seen yet: all providers answered.</summary>
    public bool Partly { get; init; }

    /// <summary>The offer with the lowest price per hour, disk included, that would do; null where none would.</summary>
    public Choice? CheapestHour { get; init; }

    /// <summary>The offer that is expected to be done soonest, at the bid that is; null where none would do or nobody knows how much work is left.</summary>
    public Choice? Fastest { get; init; }

    /// <summary>Going on where the job runs now; null where it runs nowhere or where that will not do (<see cref="StayRefused"/>).</summary>
    public Choice? Stay { get; init; }

    /// <summary>Why the job may not stay where it runs.</summary>
    public Rejection? StayRefused { get; init; }

    /// <summary>The best choices on other hosts that are expected to cost less than staying; null where that is best, or nothing runs.</summary>
    public MoveView? Move { get; init; }

    /// <summary>What it would cost once the market is as usual; null where that is hardly less, where nobody knows, or without a deadline to wait for.</summary>
    public UsualCost? Usually { get; init; }

    /// <summary>As asked for.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>
    /// With a deadline: offers that nobody takes away and that are expected to make it, best first; those that make it in nine
    /// runs of ten come before all others. The first says by when a job must be there at the latest.
    /// </summary>
    public ImmutableArray<Choice> Fallbacks { get; init; } = [];

    /// <summary>By how much the fastest offer is expected to miss the deadline; null = it can be made.</summary>
    public TimeSpan? MissedBy { get; init; }

    /// <summary>Where <see cref="Stay"/> makes the deadline in nine runs of ten.</summary>
    public bool StaysInTime => Stay?.Forecast is { } forecast && At + forecast.Time90 <= Deadline;

    /// <summary>What the choices are ranked by: as asked, or per hour where nobody knows how much work is left.</summary>
    public required PlanPreference RankedBy { get; init; }

    /// <summary>The reliability in force, in words: <c>auto, under 4 h: any score, any tier</c>.</summary>
    public required string Reliability { get; init; }

    /// <summary>What would make the plan better, each the one line to add.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];

    /// <summary>Where nothing would do: the cheapest offer that only the budget speaks against, with what finishing there costs.</summary>
    public Choice? OverBudget { get; init; }

    /// <summary>What follows an interruption was priced from these; an offer that is neither here nor chosen changed nothing by being there.</summary>
    public ImmutableArray<Offer> PricedFrom { get; init; } = [];

    /// <summary>What an instance would hold and move.</summary>
    public LoadView? Loads { get; init; }

    /// <summary>The offer that was asked about, at its best bid, whatever its rank.</summary>
    public Choice? Explained { get; init; }

    /// <summary>Why the offer that was asked about would not do.</summary>
    public Rejection? ExplainedRefused { get; init; }

    /// <summary>Why offers that would do otherwise are beyond what the server's limits leave, by the example of one; null = none is.</summary>
    public string? HeldBack => Rejected.FirstOrDefault(group => group.Name == Checks.SpendCheck.Room)?.Sample[0].Words;

    /// <summary>Grouped and counted: <c>12 offers: 3 fit, 9 rejected: 6 other GPU · 3 memory below 24GB</c>.</summary>
    public string Summary
    {
        get
        {
            var head = string.Create(CultureInfo.InvariantCulture, $"{Seen} offers: {Fit} fit");
            return Rejected.IsEmpty
                ? head
                : string.Create(CultureInfo.InvariantCulture, $"{head}, {Seen - Fit} rejected: {string.Join(" · ", Rejected.Select(group => group.ToString()))}");
        }
    }

    /// <summary>What a tick sees of it.</summary>
    public PlanView ToView() => new()
    {
        At = At,
        Ranked = [.. Choices.Concat(Others).Select(choice => choice.Offer)],
        Rejected = Summary,
        Expected = Choices is [{ Forecast: { } cheapest }, ..] ? cheapest.Total90 : null,
        Complete = Complete,
        Partly = Partly,
        Move = Move,
        Usually = Usually,
        Loads = Loads,
        BeyondBudget = OverBudget is { Forecast.Total: var total } over ? new BeyondBudget(over.Offer, total) : null,
        Rhythms =
        [
            .. Choices.Concat(Others).Concat(Fallbacks).Where(choice => choice.Rhythm is not null).DistinctBy(choice => (choice.Offer.Provider, choice.Offer.Id))
                .Select(choice => new OfferRhythm(choice.Offer.Provider, choice.Offer.Id, choice.Rhythm!)),
        ],
        Net = Deadline is null ? null : new NetView
        {
            Ranked = [.. Fallbacks.Select(choice => choice.Offer)],
            Needed = Fallbacks is [{ Forecast: { } best }, ..] ? best.Time90 : null,
            StaysInTime = Stay is null && StayRefused is null ? null : StaysInTime,
            MissedBy = MissedBy,
        },
    };
}
