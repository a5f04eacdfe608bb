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
    private const int MostBids = 8;
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

    private readonly PlanPreference _by;
    private readonly RejectionTally _tally = new();
    private readonly Best _best;
    private readonly Best _cheapestHour = new(1);
    private readonly Best _fallbacks = new(MostFallbacks);
    private readonly double? _hoursLeft;
    private double _fastest = double.PositiveInfinity;
    private int _seen;
    private int _fit;

    public PlanRun(PlanRequest request, MarketMemory memory)
    {
        _request = request;
        _loads = new Loads(request);
        _reliability = Reliability.Of(request);
        _checks = CheckList.Of(request, _reliability, _loads);
        _rentalEnd = new RentalEndCheck(request.Now, request.Drain, request.Rhythm.HasCheckpoints);
        _spend = new SpendCheck(request.MaxHourly, request.BudgetLeft);
        _history = new History(memory, request.Now);
        _estimator = request.Work is null ? null : new Estimator(request, _loads, _history);
        _hoursLeft = _estimator is null ? null : (request.Deadline - request.Now)?.TotalHours;
        _by = _estimator is null ? PlanPreference.Hourly : request.Prefer;
        _best = new Best(Math.Max(1, request.MaxChoices));
    }

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
            _fit++;
            _best.Add(candidate);
            _cheapestHour.Add(hourly);
        }
    }

    public Plan Finish(bool complete)
    {
        var (stay, refused) = Stay();
        return new Plan
        {
            At = _request.Now,
            Choices = [.. _best.Kept.Select(Choose)],
            Seen = _seen,
            Fit = _fit,
            Rejected = _tally.ToGroups(offer => Explain(offer)!),
            Complete = complete,
            CheapestHour = _cheapestHour.Kept.Count == 0 ? null : Choose(_cheapestHour.Kept[0]),
            Stay = stay,
            StayRefused = refused,
            Deadline = _request.Deadline,
            Fallbacks = [.. _fallbacks.Kept.Select(Choose)],
            MissedBy = _hoursLeft is { } left && _fastest > left && double.IsFinite(_fastest) ? TimeSpan.FromHours(_fastest - left) : null,
            RankedBy = _by,
            Reliability = _reliability.Words,
            Missing = PlanHints.Of(_request),
        };
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
        Span<Money> bids = stackalloc Money[MostBids];
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
            Remember(next, look);
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

    /// <summary>What a deadline can fall back to.</summary>
    private void Remember(in Candidate candidate, in Outlook look)
    {
        if (_rentalEnd.EndsBefore(candidate.Offer, look.Hours))
        {
            return;
        }

        _fastest = Math.Min(_fastest, look.Hours);
        if (look.Hours <= _hoursLeft && candidate.Offer.Capacity != CapacityType.Interruptible && !(look.Total > _request.FallbackBudget))
        {
            _fallbacks.Add(candidate);
        }
    }

    /// <summary>
    /// What nobody takes away must make the deadline in nine runs of ten. What may be taken away has only to be expected to: whoever
    /// rides it leaves while the rest can still be done elsewhere.
    /// </summary>
    private bool IsLate(in Outlook look, Offer offer) =>
        _hoursLeft is { } left
        && (look.Hours > left || _rentalEnd.EndsBefore(offer, look.Hours) || (offer.Capacity != CapacityType.Interruptible && !ForecastWriter.IsDoneWithin(left, _request, look)));

    private Candidate KeyOf(in Outlook look, Money bid, Money disk, Offer offer)
    {
        var late = IsLate(look, offer);
        var total = look.Total.MicroDollars;
        var time = (long)(look.Hours * 3_600_000);
        return _by switch
        {
            PlanPreference.Cost => new Candidate(late, total, time, bid, offer),
            PlanPreference.Speed => new Candidate(late, time, total, bid, offer),
            PlanPreference.Hourly => new Candidate(late, (bid + disk).MicroDollars, total, bid, offer),
        };
    }

    private Choice Choose(Candidate candidate)
    {
        var offer = candidate.Offer with { PricePerHour = candidate.Bid };
        return Choose(offer, age: null);
    }

    private Choice Choose(Offer offer, TimeSpan? age)
    {
        var perHour = offer.PricePerHour + DiskPerHour(offer);
        if (_estimator is null)
        {
            return new Choice(offer, perHour, null);
        }

        var look = _estimator.Of(offer, offer.PricePerHour, age);
        return new Choice(offer, perHour, ForecastWriter.Write(_request, _loads, offer, look, _history)) { MissesDeadline = look.Hours > _hoursLeft };
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
            ? (stay, null)
            : (null, new Rejection(running.Offer, group, WordsOf(group, running.Offer, running.Offer.PricePerHour, running.Age)));
    }

    private string WordsOf(string group, Offer offer, Money bid, TimeSpan? age)
    {
        var look = _estimator?.Of(offer, bid, age);
        return group switch
        {
            RentalEndCheck.Group => _rentalEnd.Words(offer, look?.Hours ?? 0),
            SpendCheck.Budget => _spend.BudgetWords(look?.Total ?? Money.Zero),
            _ => _spend.HourlyWords(bid + DiskPerHour(offer)),
        };
    }

    private Money DiskPerHour(Offer offer) => Estimator.Dollars(_loads.DiskPerHour(offer));
}
