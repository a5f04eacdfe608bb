namespace Orchestrator.Recovery.Deadlines;

/// <summary>
/// What finishing costs from any moment on: a dynamic program backwards from the deadline over (time left, work left, ride,
/// hidden state of every place), each step choosing the cheapest of waiting, riding a place that is up, and on-demand. It
/// assumes that from the next step on the hidden states are known (QMDP, Littman et al. 1995): cheap, and close, since they
/// differ in how long they last, which shows.
/// </summary>
public sealed class CostToGo
{
    /// <summary>Grid points of work per step: halves. Fifths changed the mean cost by less than half a percent, either way.</summary>
    private const int Grain = 2;

    /// <summary>A missed deadline, in prices of the work left on demand: more than any schedule could save.</summary>
    private const double Missed = 1000;

    private readonly AvailabilityModel _model;
    private readonly Journey _journey;
    private readonly double _step;
    private readonly double _overhead;
    private readonly bool _starts;
    private readonly int _places;
    private readonly int _hidden;
    private readonly int _rides;
    private readonly int _row;
    private readonly int _size;
    private readonly float[][] _costs;

    /// <param name="step">Length of one step of the table in seconds.</param>
    public CostToGo(AvailabilityModel model, Journey journey, double step)
    {
        _model = model;
        _journey = journey;
        _step = step;
        _overhead = journey.Overhead / step;
        _starts = _overhead > 1;
        _places = journey.Places;
        _hidden = (int)Math.Pow(model.States, _places);
        _rides = _places * (_starts ? 5 : 3);
        _row = (int)Math.Ceiling(journey.Work / step * Grain) + (int)Math.Ceiling(_overhead * Grain) + 2;
        _size = _rides * _hidden * _row;
        _costs = new float[(int)Math.Ceiling(journey.Deadline / step) + 1][];
        Solve();
    }

    /// <summary>
    /// Expected cost from now on, for a ride that has <paramref name="pending"/> seconds to go before it works.
    /// </summary>
    /// <param name="beliefs">By place, chances of its states.</param>
    public double Expected(double timeLeft, double workLeft, double pending, Ride ride, ReadOnlySpan<double[]> beliefs)
    {
        if (workLeft <= 0)
        {
            return 0;
        }

        var starting = _starts && pending > 0 && ride.Kind != RideKind.Idle;
        var work = (workLeft + (starting ? 0 : pending)) / _step * Grain;
        var column = Math.Min((int)work, _row - 2);
        var time = Math.Clamp(timeLeft / _step, 0, _costs.Length - 1);
        var late = (int)time;
        var soon = Math.Min(late + 1, _costs.Length - 1);
        var share = time - late;
        var expected = 0.0;
        for (var state = 0; state < _hidden; state++)
        {
            var chance = Chance(state, beliefs);
            if (chance > 0)
            {
                var at = (RideIndex(ride.Kind, ride.Place, starting) * _hidden + state) * _row + column;
                expected += chance * ((1 - share) * Between(_costs[late], at, work - column) + (share > 0 ? share * Between(_costs[soon], at, work - column) : 0));
            }
        }

        return expected;
    }

    private static double Between(float[] costs, int at, double share) => costs[at] + share * (costs[at + 1] - costs[at]);

    private double Chance(int state, ReadOnlySpan<double[]> beliefs)
    {
        var chance = 1.0;
        foreach (var belief in beliefs)
        {
            chance *= belief[state % _model.States];
            state /= _model.States;
        }

        return chance;
    }

    private int RideIndex(RideKind kind, int place, bool starting) => ((int)kind + (starting ? 2 : 0)) * _places + place;

    private void Solve()
    {
        var over = _model.Over(_step);
        var ahead = new float[_size];
        var spare = new float[_size];
        for (var left = 0; left < _costs.Length; left++)
        {
            var costs = _costs[left] = new float[_size];
            if (left > 0)
            {
                Expect(_costs[left - 1], ahead, spare, over);
            }

            for (var ride = 0; ride < _rides; ride++)
            {
                for (var state = 0; state < _hidden; state++)
                {
                    var row = costs.AsSpan((ride * _hidden + state) * _row, _row);
                    if (left == 0)
                    {
                        Late(row);
                    }
                    else
                    {
                        Choose(row, ahead, left, ride, state);
                    }
                }
            }
        }
    }

    private void Late(Span<float> row)
    {
        for (var work = 1; work < row.Length; work++)
        {
            row[work] = (float)(Missed * _journey.OnDemandPrice * _step / 3600 * (1 + (double)work / Grain));
        }
    }

    /// <summary>Expectation over one step, place after place: they change independently.</summary>
    private void Expect(float[] costs, float[] ahead, float[] spare, double[,] over)
    {
        var stride = 1;
        var from = costs;
        for (var place = 0; place < _places; place++, stride *= _model.States)
        {
            // The last pass must end in "ahead".
            var to = (_places - 1 - place) % 2 == 0 ? ahead : spare;
            Array.Clear(to);
            for (var ride = 0; ride < _rides; ride++)
            {
                for (var state = 0; state < _hidden; state++)
                {
                    var own = state / stride % _model.States;
                    var target = to.AsSpan((ride * _hidden + state) * _row, _row);
                    for (var next = 0; next < _model.States; next++)
                    {
                        var chance = (float)over[own, next];
                        var source = from.AsSpan((ride * _hidden + state + (next - own) * stride) * _row, _row);
                        for (var work = 0; work < target.Length; work++)
                        {
                            target[work] += chance * source[work];
                        }
                    }
                }
            }

            from = to;
        }
    }

    /// <summary>The cheapest of what can be done, for every amount of work left, with <paramref name="left"/> steps to go.</summary>
    private void Choose(Span<float> row, float[] ahead, int left, int ride, int state)
    {
        var (kind, starting, place) = ((RideKind)(ride / _places), false, ride % _places);
        if (ride / _places > (int)RideKind.OnDemand)
        {
            (kind, starting) = (kind - 2, true);
        }

        kind = kind == RideKind.Interruptible && !IsUp(place, state) ? RideKind.Idle : kind;
        // From here on only a ride that is sure to arrive: the safety net decides, not the table.
        var last = (int)Math.Clamp(Math.Floor((left - 1 - _overhead) * Grain + 1e-9), 0, _row - 1);
        row[1..(last + 1)].Fill(float.MaxValue);
        Take(row, ahead, 1, last, state, RideKind.Idle, place, 0, 0, false);
        for (var to = 0; to < _places; to++)
        {
            if (IsUp(to, state))
            {
                Ride(row, ahead, 1, last, state, RideKind.Interruptible, to, kind, starting, place);
            }
        }

        Ride(row, ahead, 1, last, state, RideKind.OnDemand, place, kind, starting, place);
        row[(last + 1)..].Fill(float.MaxValue);
        var keeps = _journey.KeepsRide && kind == RideKind.Interruptible && !starting;
        Ride(row, ahead, last + 1, _row - 1, state, keeps ? RideKind.Interruptible : RideKind.OnDemand, place, kind, starting, place);
        row[0] = 0;
    }

    private bool IsUp(int place, int state)
    {
        for (; place > 0; place--)
        {
            state /= _model.States;
        }

        return _model.IsUp(state % _model.States);
    }

    private void Ride(Span<float> row, float[] ahead, int first, int last, int state, RideKind to, int place, RideKind from, bool starting, int home)
    {
        var price = (to == RideKind.OnDemand ? _journey.OnDemandPrice : _journey.Prices[place]) * _step / 3600;
        var (progress, starts) = to == from && place == home
            ? (starting ? 2 - _overhead : 1, false)
            : (_starts ? 0 : 1 - _overhead, _starts);
        Take(row, ahead, first, last, state, to, place, price + _journey.MoveCost(home, place), progress, starts);
    }

    /// <summary>Lowers each cost of the row to what this choice would make it.</summary>
    private void Take(Span<float> row, float[] ahead, int first, int last, int state, RideKind to, int place, double price, double progress, bool starting)
    {
        var next = ahead.AsSpan((RideIndex(to, place, starting) * _hidden + state) * _row, _row);
        var moved = progress * Grain;
        var whole = (int)Math.Floor(moved);
        var (share, cost) = ((float)(moved - whole), (float)price);
        for (var work = first; work <= last; work++)
        {
            // Work left after the step, between two points of the grid.
            var at = work - whole;
            var after = at <= 0 ? 0 : at >= _row ? next[_row - 1] : (1 - share) * next[at] + share * next[at - 1];
            row[work] = Math.Min(row[work], cost + after);
        }
    }
}
