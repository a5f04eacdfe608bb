using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning.Checks;
using Orchestrator.Planning.Forecasting;
using Orchestrator.Planning.Memory;

namespace Orchestrator.Planning;

/// <summary>One plan in the making.</summary>
internal sealed class PlanRun
{
    private readonly PlanRequest _request;
    private readonly Loads _loads;
    private readonly Reliability _reliability;
    private readonly ImmutableArray<Check> _checks;
    private readonly RentalEndCheck _rentalEnd;
    private readonly SpendCheck _spend;
    private readonly History _history;

    /// <summary>Null where nobody knows how much work is left.</summary>
    private readonly Estimator? _estimator;

    private readonly PlanPreference _by;
    private readonly RejectionTally _tally = new();
    private readonly List<(Offer Offer, Candidate AtLeast)> _fit = [];
    private readonly Best _cheapestHour = new(1);
    private readonly NextOffers _next = new(Continuation.Most + 1);
    private readonly NextOffers _nextOnDemand = new(Continuation.Most + 1);
    private Continuation? _then;
    private int _seen;

    public PlanRun(PlanRequest request, MarketMemory memory)
    {
        _request = request;
        _loads = new Loads(request);
        _reliability = Reliability.Of(request);
        _checks = CheckList.Of(request, _reliability, _loads);
        _rentalEnd = new RentalEndCheck(request.Now, request.Drain);
        _spend = new SpendCheck(request.MaxHourly, request.BudgetLeft);
        _history = new History(memory, request.Now);
        _estimator = request.Work is null ? null : new Estimator(request, _loads, _history);
        _by = _estimator is null ? PlanPreference.Hourly : request.Prefer;
    }

    /// <summary>Judges an offer by itself; what would follow an interruption is priced when all have been seen.</summary>
    public void Consider(Offer offer)
    {
        _seen++;
        if (Filter(offer) is { } check)
        {
            _tally.Add(check.Rejects(offer)!, offer);
        }
        else if (Rank(offer, out var candidate, out var hourly) is { } group)
        {
            _tally.Add(group, offer);
        }
        else
        {
            _fit.Add((offer, candidate));
            _cheapestHour.Add(hourly);
            if (_estimator is not null)
            {
                _next.Add(candidate.PerWork, offer);
                if (offer.Capacity == CapacityType.OnDemand)
                {
                    _nextOnDemand.Add(candidate.PerWork, offer);
                }
            }
        }
    }

    public Plan Finish(bool complete, Offer? explained = null)
    {
        _then = _estimator is null ? null : Continuation.Of(_request, _estimator, _next, _nextOnDemand, offer => _spend.MostFor(DiskPerHour(offer)));
        var (best, dropped) = Settle();
        var (stay, refused) = Stay();
        return new Plan
        {
            At = _request.Now,
            Choices = [.. best.Kept.Select(Choose)],
            Seen = _seen,
            Fit = _fit.Count - dropped,
            Rejected = _tally.ToGroups(offer => Explain(offer)!),
            Complete = complete,
            CheapestHour = _cheapestHour.Kept.Count == 0 || _fit.Count == dropped ? null : Choose(_cheapestHour.Kept[0]),
            Stay = stay,
            StayRefused = refused,
            RankedBy = _by,
            Reliability = _reliability.Words,
            Missing = PlanHints.Of(_request),
            PricedFrom = _then is null ? [] : [.. _next.Kept.Concat(_nextOnDemand.Kept).Select(next => next.Offer).Distinct()],
            Explained = explained is not null && Rank(explained, out var candidate, out _) is null && _estimator is not null ? Choose(candidate) : null,
        };
    }

    /// <summary>Ranks with what follows an interruption. It makes no offer cheaper, so that only those that may still be among the best are looked at again.</summary>
    private (Best Best, int Dropped) Settle()
    {
        var best = new Best(Math.Max(1, _request.MaxChoices));
        var again = _then is not null && (_by == PlanPreference.Cost || _request.BudgetLeft is not null);
        if (!again)
        {
            foreach (var (_, candidate) in _fit)
            {
                best.Add(candidate);
            }

            return (best, 0);
        }

        var dropped = 0;
        var dear = _then!.Total * _estimator!.Work * 1e6;
        var checksBudget = _request.BudgetLeft is { } budget && budget.MicroDollars < dear + 100;
        foreach (var (offer, atLeast) in _fit)
        {
            if (atLeast.PerWork >= _then.Total)
            {
                best.Add(atLeast);
            }
            else if (!checksBudget && best.IsFull && atLeast >= best.Kept[^1])
            {
                continue;
            }
            else if (Rank(offer, out var candidate, out _) is { } group)
            {
                _tally.Add(group, offer);
                dropped++;
            }
            else
            {
                best.Add(candidate);
            }
        }

        return (best, dropped);
    }

    /// <summary>The first check that fails, with its numbers; null = the offer would do.</summary>
    public Rejection? Explain(Offer offer)
    {
        if (Filter(offer) is { } check)
        {
            return new Rejection(offer, check.Rejects(offer)!, check.Words(offer));
        }

        return Rank(offer, out _, out _) is { } group ? new Rejection(offer, group, WordsOf(group, offer, Bids.Lowest(offer), null)) : null;
    }

    private Check? Filter(Offer offer)
    {
        foreach (var check in _checks)
        {
            if (check.Rejects(offer) is not null)
            {
                return check;
            }
        }

        return null;
    }

    /// <summary>Finds the best price to pay; the group of the rejection where none will do.</summary>
    private string? Rank(Offer offer, out Candidate candidate, out Candidate hourly)
    {
        candidate = hourly = default;
        Span<Money> bids = stackalloc Money[Bids.Most];
        var disk = DiskPerHour(offer);
        var count = Bids.Of(offer, _spend.MostFor(disk), bids);
        if (count == 0)
        {
            return SpendCheck.Hourly;
        }

        if (_estimator is null)
        {
            // Nobody knows how long; one that is over already is certainly too short.
            candidate = hourly = new Candidate(false, (bids[0] + disk).MicroDollars, 0, bids[0], offer);
            return _rentalEnd.IsOver(offer) ? RentalEndCheck.Group : null;
        }

        string? group = null;
        var found = false;
        foreach (var bid in bids[..count])
        {
            var look = _estimator.Of(offer, bid);
            _estimator.Settle(ref look, _then);
            if (_rentalEnd.Rejects(offer, look.Hours))
            {
                group ??= RentalEndCheck.Group;
                continue;
            }

            if (_spend.IsOverBudget(look.Total))
            {
                group ??= SpendCheck.Budget;
                continue;
            }

            var next = KeyOf(look, bid, disk, offer);
            if (!found)
            {
                hourly = new Candidate(next.IsLate, (bid + disk).MicroDollars, look.Total.MicroDollars, bid, offer);
            }

            candidate = !found || next < candidate ? next : candidate;
            found = true;
            if (NoHigherBidIsBetter(candidate, bid, look))
            {
                break;
            }
        }

        return found ? null : group;
    }

    /// <summary>Every bid pays for the hours that are needed anyway: once those alone cost more than the best so far, that was it.</summary>
    private bool NoHigherBidIsBetter(in Candidate best, Money bid, in Outlook look) => !best.IsLate && _by switch
    {
        PlanPreference.Cost => bid.MicroDollars * (look.Start + look.Work) > best.First,
        PlanPreference.Hourly => true,
        PlanPreference.Speed => false,
    };

    private Candidate KeyOf(in Outlook look, Money bid, Money disk, Offer offer)
    {
        var late = _request.Deadline is { } deadline && (deadline - _request.Now).TotalHours < look.Hours;
        var total = look.Total.MicroDollars;
        var time = (long)(look.Hours * 3_600_000);
        return _by switch
        {
            PlanPreference.Cost => new Candidate(late, total, time, bid, offer) { PerWork = look.PerWork.Total },
            PlanPreference.Speed => new Candidate(late, time, total, bid, offer) { PerWork = look.PerWork.Total },
            PlanPreference.Hourly => new Candidate(late, (bid + disk).MicroDollars, total, bid, offer) { PerWork = look.PerWork.Total },
        };
    }

    private Choice Choose(Candidate candidate)
    {
        var offer = candidate.Offer with { PricePerHour = candidate.Bid };
        return Choose(offer, age: null) with { MissesDeadline = candidate.IsLate };
    }

    private Choice Choose(Offer offer, TimeSpan? age)
    {
        var perHour = offer.PricePerHour + DiskPerHour(offer);
        if (_estimator is null)
        {
            return new Choice(offer, perHour, null);
        }

        var look = _estimator.Of(offer, offer.PricePerHour, age);
        _estimator.Settle(ref look, _then);
        return new Choice(offer, perHour, ForecastWriter.Write(_request, _loads, _estimator, offer, look, _then, _history));
    }

    /// <summary>Going on where the job runs; only what the future decides can speak against it.</summary>
    private (Choice? Stay, Rejection? Refused) Stay()
    {
        if (_request.Running is not { } running)
        {
            return default;
        }

        var stay = Choose(running.Offer, running.Age);
        var hours = stay.Forecast?.Time.TotalHours ?? 0;
        var total = stay.Forecast?.Total ?? Money.Zero;
        var group = _rentalEnd.Rejects(running.Offer, hours) ? RentalEndCheck.Group : _spend.IsOverBudget(total) ? SpendCheck.Budget : null;
        return group is null
            ? (stay with { MissesDeadline = _request.Deadline is { } deadline && (deadline - _request.Now).TotalHours < hours }, null)
            : (null, new Rejection(running.Offer, group, WordsOf(group, running.Offer, running.Offer.PricePerHour, running.Age)));
    }

    private string WordsOf(string group, Offer offer, Money bid, TimeSpan? age)
    {
        var look = _estimator?.Of(offer, bid, age) ?? default;
        _estimator?.Settle(ref look, _then);
        return group switch
        {
            RentalEndCheck.Group => _rentalEnd.Words(offer, look.Hours),
            SpendCheck.Budget => _spend.BudgetWords(look.Total),
            _ => _spend.HourlyWords(bid + DiskPerHour(offer)),
        };
    }

    private Money DiskPerHour(Offer offer) => Estimator.Dollars(_loads.DiskPerHour(offer));
}
