using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning.Checks;
using Orchestrator.Planning.Forecasting;
using Orchestrator.Planning.Memory;
using Orchestrator.Planning.Prices;

namespace Orchestrator.Planning;

/// <summary>One plan in the making.</summary>
internal sealed partial class PlanRun
{
    private const int MostFallbacks = 5;

    private readonly PlanRequest _request;
    private readonly Loads _loads;
    private readonly Reliability _reliability;
    private readonly ImmutableArray<Check> _checks;
    private readonly RentalEndCheck _rentalEnd;
    private readonly SpendCheck _spend;
    private readonly History _history;

    /// <summary>Null where nobody knows how much work is left.</summary>
    private readonly Estimator? _estimator;

    /// <summary>The same of where the job runs, and what it knows.</summary>
    private readonly Estimator? _staying;
    private readonly History _elsewhere;
    private readonly double? _hoursLeft;
    private readonly PlanPreference _by;
    private readonly Ranking _ranking;
    private readonly RejectionTally _tally = new();
    private readonly OverBudget _overBudget = new();
    private readonly FitList _fit = new();
    private readonly LeastPerWork _least = new();
    private readonly LeastPerWork _leastOnDemand = new();
    private readonly BestOfProviders _ofProviders = new();
    private readonly Rhythms _rhythms;
    private readonly ImmutableArray<UsualPrice> _usual;
    private Continuation? _then;
    private int _seen;

    public PlanRun(PlanRequest request, MarketMemory memory)
    {
        _request = request;
        _loads = new Loads(request);
        _reliability = Reliability.Of(request);
        _checks = CheckList.Of(request, _reliability, _loads);
        _rentalEnd = new RentalEndCheck(request.Begins, request.Drain, request.Rhythm.HasCheckpoints);
        _spend = new SpendCheck(request.MaxHourly, request.BudgetLeft, request.Room);
        _history = new History(memory, request.Now);
        _estimator = request.Work is null ? null : new Estimator(request, _loads, _history);
        var others = memory.WithoutLifeOf(request.Running?.Job);
        _elsewhere = ReferenceEquals(others, memory) ? _history : new History(others, request.Now);
        _staying = _estimator is null || _elsewhere == _history ? _estimator : new Estimator(request, _loads, _elsewhere);
        _usual = memory.UsualPrices;
        _rhythms = new Rhythms(request, _loads, _history);
        _hoursLeft = _estimator is null ? null : (request.Deadline - request.Begins)?.TotalHours;
        _by = _estimator is null ? PlanPreference.Hourly : request.Prefer;
        _ranking = new Ranking(request, _rentalEnd, _by, _hoursLeft);
    }

    /// <summary>Judges an offer by itself; what would follow an interruption is priced when all have been seen.</summary>
    public void Consider(Offer offer)
    {
        _seen++;
        if (Filter(offer, out var rejected) is not null)
        {
            _tally.Add(rejected!, offer);
        }
        else if (Rank(offer, out var candidate, out var hourly) is { } group)
        {
            _tally.Add(group, offer);
        }
        else
        {
            _fit.Add(candidate, hourly);
            // What follows an interruption is the market's: the host that is taken over is gone then.
            if (_estimator is not null && offer.Warm is null)
            {
                _least.Add(candidate);
                if (offer.Capacity == CapacityType.OnDemand)
                {
                    _leastOnDemand.Add(candidate);
                }
            }
        }
    }

    public Plan Finish(IEnumerable<Offer> offers, bool complete, Offer? explained = null)
    {
        _then = _estimator is null ? null : Continuation.Of(_request, _estimator, _least.Kept, _leastOnDemand.Kept);
        var best = Settle();
        var (stay, refused) = Stay();
        var notExplained = explained is null ? null : Explain(explained);
        var (hourly, fastest) = _fit.Least();
        var plan = new Plan
        {
            At = _request.Now,
            Choices = [.. best.Kept.Select(Choose)],
            Others = [.. _ofProviders.Beyond(best, _fit.Count == 0 ? null : hourly).Select(Choose)],
            Seen = _seen,
            Fit = _fit.Count,
            Rejected = _tally.ToGroups(offer => Explain(offer)!),
            Complete = complete,
            CheapestHour = _fit.Count == 0 ? null : Choose(hourly),
            Fastest = _fit.Count == 0 || _estimator is null ? null : Fastest(fastest.Offer),
            Stay = stay,
            StayRefused = refused,
            Move = stay is not null || refused?.Group == SpendCheck.Budget ? MoveFrom(_request.Running!, best) : null,
            Usually = Usually(best, offers, complete),
            Deadline = _request.Deadline,
            Fallbacks = [.. Fallbacks().Kept.Select(Choose)],
            MissedBy = _hoursLeft is { } left && fastest.Fastest > left && double.IsFinite(fastest.Fastest) ? TimeSpan.FromHours(fastest.Fastest - left) : null,
            RankedBy = _by,
            Reliability = _reliability.Words,
            Missing = PlanHints.Of(_request, best.Kept is [var first, ..] ? Checkpoints(first) : null),
            Loads = _loads.ToView(_request.StoreEgressPerGB),
            OverBudget = _fit.Count == 0 && _overBudget.Cheapest is { } over ? Choose(over, age: null) : null,
            PricedFrom = _then is null ? [] : [.. new[] { _then.Market.Offer, _then.OnDemand.Offer }.Distinct()],
            Explained = explained is not null && notExplained is null && Rank(explained, out var candidate, out _) is null ? Choose(candidate) : null,
            ExplainedRefused = notExplained,
        };
        _fit.Release();
        return plan;
    }

    /// <summary>
    /// Ranks with what follows an interruption, and drops what no longer fits the budget with it. It makes no offer cheaper, so
    /// that only those that may still be among the best are looked at again.
    /// </summary>
    private Best Settle()
    {
        var best = new Best(Math.Max(1, _request.MaxChoices));
        var ranksAgain = _then is not null && _by == PlanPreference.Cost;

        // Nothing costs more than all of the work at the dearer of its own price and the market's.
        var checksBudget = _then is not null && _request.BudgetLeft is { } budget && budget.MicroDollars < (_then.Total * _estimator!.Work * 1e6) + 100;
        var kept = 0;
        for (var i = 0; i < _fit.Count; i++)
        {
            ref readonly var fit = ref _fit[i];
            var ofProvider = _ofProviders.Of(fit.AtLeast.Offer.Provider);
            if (_then is not null && fit.AtLeast.PerWork < _then.Total
                && (checksBudget || (ranksAgain && (best.WouldKeep(fit.AtLeast) || ofProvider.WouldKeep(fit.AtLeast)))))
            {
                if (Rank(fit.AtLeast.Offer, out var candidate, out var hourly) is { } group)
                {
                    _tally.Add(group, fit.AtLeast.Offer);
                    continue;
                }

                best.Add(candidate);
                ofProvider.Add(candidate);
                _fit.Put(kept++, new Fit(candidate, hourly));
                continue;
            }

            best.Add(fit.AtLeast);
            ofProvider.Add(fit.AtLeast);
            if (kept < i)
            {
                _fit.Put(kept, fit);
            }

            kept++;
        }

        _fit.Shorten(kept);
        return best;
    }

    /// <summary>What a deadline can fall back to, by what it costs with what follows an interruption.</summary>
    private Best Fallbacks()
    {
        var fallbacks = new Best(MostFallbacks);
        for (var i = 0; i < _fit.Count && _hoursLeft is not null; i++)
        {
            var atLeast = _fit[i].AtLeast;

            // What is not interruptible has one price, so that the candidate is all there is to it.
            if (!(atLeast.Fastest <= _hoursLeft) || atLeast.Offer.Capacity == CapacityType.Interruptible || !fallbacks.WouldKeep(atLeast))
            {
                continue;
            }

            fallbacks.Add(_ranking.Of(LookAt(atLeast.Offer, atLeast.Bid), atLeast.Bid, DiskPerHour(atLeast.Offer), atLeast.Offer));
        }

        return fallbacks;
    }

    /// <summary>The first check that fails, with its numbers; null = the offer would do.</summary>
    public Rejection? Explain(Offer offer)
    {
        if (Filter(offer, out var rejected) is { } check)
        {
            return new Rejection(offer, rejected!, check.Words(offer));
        }

        return Rank(offer, out _, out _) is { } group ? new Rejection(offer, group, WordsOf(group, offer, Bids.Lowest(offer), null)) : null;
    }

    /// <summary>The first check that fails, and its group.</summary>
    private Check? Filter(Offer offer, out string? group)
    {
        foreach (var check in _checks)
        {
            // A host that is taken over was chosen by the same demands: what lists told of it then is not kept, and is not asked again.
            if ((offer.Warm is null || check is CapacityCheck or BanCheck or LimitCheck) && (group = check.Rejects(offer)) is not null)
            {
                return check;
            }
        }

        group = null;
        return null;
    }

    /// <summary>Finds the best price to pay; the group of the rejection where none will do.</summary>
    private string? Rank(Offer offer, out Candidate candidate, out Candidate hourly)
    {
        candidate = hourly = default;
        Span<Money> bids = stackalloc Money[Bids.Most];
        var disk = DiskPerHour(offer);
        if (_spend.Prices(offer, disk, bids, out var count) is { } over)
        {
            return over;
        }

        if (_estimator is null)
        {
            // Nobody knows how long; one that is over already is certainly too short.
            candidate = hourly = new Candidate(false, (bids[0] + disk).MicroDollars, 0, bids[0], offer);
            return _rentalEnd.IsOver(offer) ? RentalEndCheck.Group : null;
        }

        var (group, found, fastest) = ((string?)null, false, double.PositiveInfinity);
        var bare = _estimator.Bare(offer);
        foreach (var bid in bids[..count])
        {
            var look = bare;
            _estimator.Price(ref look, offer, bid);
            _estimator.Settle(ref look, _then);
            if (_rentalEnd.Rejects(offer, look.Hours))
            {
                group ??= RentalEndCheck.Group;
                continue;
            }

            if (_spend.IsOverBudget(look.Total))
            {
                group ??= SpendCheck.Budget;
                _overBudget.Add(look.Total, offer, bid);
                continue;
            }

            var next = _ranking.Of(look, bid, disk, offer);
            if (!found)
            {
                hourly = new Candidate(next.IsLate, (bid + disk).MicroDollars, look.Total.MicroDollars, bid, offer);
            }

            candidate = !found || next < candidate ? next : candidate;
            found = true;
            // Where the rental ends before the work does, nobody knows how long the pause is.
            fastest = _rentalEnd.EndsBefore(offer, look.Hours) ? fastest : Math.Min(fastest, look.Hours);
            if (_ranking.NoHigherBidIsBetter(candidate, bid, look))
            {
                break;
            }
        }

        candidate = candidate with { Fastest = fastest };
        return found ? null : group;
    }

    private string WordsOf(string group, Offer offer, Money bid, TimeSpan? age)
    {
        var look = _estimator is null ? default : LookAt(offer, bid, age);
        return group switch
        {
            RentalEndCheck.Group => _rentalEnd.Words(offer, look.Hours),
            SpendCheck.Budget => _spend.BudgetWords(look.Total),
            SpendCheck.Room => _spend.RoomWords(offer.Provider, bid + DiskPerHour(offer)),
            _ => _spend.HourlyWords(bid + DiskPerHour(offer)),
        };
    }

    /// <summary>With what follows an interruption, once that is priced.</summary>
    private Outlook LookAt(Offer offer, Money bid, TimeSpan? age = null)
    {
        var look = (age is null ? _estimator : _staying)!.Of(offer, bid, age);
        _estimator!.Settle(ref look, _then);
        return look;
    }

    private Money DiskPerHour(Offer offer) => Estimator.Dollars(_loads.DiskPerHour(offer));
}
