namespace Orchestrator.Recovery.Deadlines;

/// <summary>
/// Wait, ride, switch, migrate or fall back: whichever the table says is cheapest in expectation, given what has been seen of
/// each place so far. It knows nothing of any recording, and nothing of the future. The guarantee to be in time is not its
/// own: whoever asks must fall back to on-demand while that still makes the deadline (<see cref="MustFallBack"/>).
/// </summary>
public sealed class DeadlineRule
{
    private readonly AvailabilityModel _model;
    private readonly Journey _journey;
    private readonly CostToGo _table;
    private readonly double _tick;
    private readonly double[,] _over;
    private readonly Belief[] _beliefs;

    /// <param name="table">Solved for the same model and journey; shared by all runs of it.</param>
    /// <param name="tick">How often it is asked, in seconds.</param>
    public DeadlineRule(AvailabilityModel model, Journey journey, CostToGo table, double tick)
    {
        _model = model;
        _journey = journey;
        _table = table;
        _tick = tick;
        _over = model.Over(tick);
        _beliefs = [.. Enumerable.Range(0, journey.Places).Select(_ => new Belief(model))];
    }

    /// <summary>The last tick in which on-demand is sure to be in time.</summary>
    public static bool MustFallBack(double workLeft, double timeLeft, double overhead, double tick) =>
        Math.Ceiling((workLeft + overhead) / tick) >= Math.Floor(timeLeft / tick);

    public void Advance()
    {
        foreach (var belief in _beliefs)
        {
            belief.Advance(_over);
        }
    }

    public void Saw(int place, bool up) => _beliefs[place].Saw(up);

    /// <summary>The cheapest of idling, on-demand and riding any place that may be up.</summary>
    /// <param name="pending">Seconds until <paramref name="now"/> works.</param>
    /// <param name="prices">Of interruptible capacity now; the table was solved with what they were at the start.</param>
    /// <param name="mayBeUp">By place: false where it is known to be away.</param>
    public Ride Choose(double workLeft, double timeLeft, double pending, Ride now, ReadOnlySpan<double> prices, ReadOnlySpan<bool> mayBeUp)
    {
        var best = new Ride(RideKind.Idle, now.Place);
        var least = Cost(workLeft, timeLeft, pending, now, best, 0);
        // On-demand runs where the checkpoint lies, at first anywhere.
        for (var place = Math.Max(now.Place, 0); place < (now.Place < 0 ? _journey.Places : now.Place + 1); place++)
        {
            Consider(new Ride(RideKind.OnDemand, place), _journey.OnDemandPrice);
        }

        for (var place = 0; place < mayBeUp.Length; place++)
        {
            if (mayBeUp[place])
            {
                Consider(new Ride(RideKind.Interruptible, place), prices[place]);
            }
        }

        return best;

        void Consider(Ride ride, double price)
        {
            // What runs stays where nothing is better: cost ties must not cause a start.
            var cost = Cost(workLeft, timeLeft, pending, now, ride, price);
            if (cost < least - 1e-9 || (ride == now && cost <= least + 1e-9))
            {
                (best, least) = (ride, cost);
            }
        }
    }

    private double Cost(double workLeft, double timeLeft, double pending, Ride from, Ride to, double price)
    {
        var stays = from == to;
        var wait = to.Kind == RideKind.Idle ? 0 : stays ? pending : _journey.Overhead;
        var progress = to.Kind == RideKind.Idle ? 0 : Math.Max(_tick - wait, 0);
        var beliefs = new double[_beliefs.Length][];
        for (var place = 0; place < beliefs.Length; place++)
        {
            var rides = to.Kind == RideKind.Interruptible && to.Place == place;
            beliefs[place] = Next(rides ? _beliefs[place].Given(true) : _beliefs[place].Chances);
        }

        return price * _tick / 3600
            + (to.Kind == RideKind.Idle ? 0 : _journey.MoveCost(from.Place, to.Place))
            + Afterwards(timeLeft - _tick, workLeft - progress, Math.Max(wait - _tick, 0), to, beliefs);
    }

    /// <summary>Nothing lies anywhere before the first start: as if it lay where that is best.</summary>
    private double Afterwards(double timeLeft, double workLeft, double pending, Ride ride, double[][] beliefs)
    {
        var least = double.MaxValue;
        for (var place = Math.Max(ride.Place, 0); place < (ride.Place < 0 ? _journey.Places : ride.Place + 1); place++)
        {
            least = Math.Min(least, _table.Expected(timeLeft, workLeft, pending, ride with { Place = place }, beliefs));
        }

        return least;
    }

    private double[] Next(ReadOnlySpan<double> chances)
    {
        var next = new double[_model.States];
        for (var from = 0; from < next.Length; from++)
        {
            for (var to = 0; to < next.Length && chances[from] > 0; to++)
            {
                next[to] += chances[from] * _over[from, to];
            }
        }

        return next;
    }
}
