using Orchestrator.Recovery.Deadlines;

namespace Orchestrator.Simulation.MultiZone;

/// <summary>
/// The published contract for several zones, one run of it: a policy sees every zone's price of this tick, and availability
/// only by trying to launch, which is free when it fails.
/// </summary>
public sealed class ZoneRun
{
    private readonly MultiZoneSetup _setup;
    private readonly int _start;
    private bool _launched;
    private int _home = -1;

    private ZoneRun(MultiZoneSetup setup, int start)
    {
        _setup = setup;
        _start = start;
    }

    public int Tick { get; private set; }

    public double Elapsed => Tick * _setup.Gap;

    public double Done { get; private set; }

    public double Pending { get; private set; }

    /// <summary>What runs; idle, where the newest checkpoint lies.</summary>
    public Ride Now { get; private set; } = Ride.Nowhere;

    /// <summary>The zone that was just taken away; -1 = none.</summary>
    public int Lost { get; private set; } = -1;

    public double Price(int zone) => _setup.Zones[zone].Prices[_start + Tick];

    public double WorkLeft => _setup.Work - Done;

    public double TimeLeft => _setup.Deadline - Elapsed;

    public static ZoneResult Play(MultiZoneSetup setup, int start, IZonePolicy policy)
    {
        var run = new ZoneRun(setup, start);
        var (cost, latched, last) = (0.0, false, 0.0);
        for (; ; run.Tick++)
        {
            last = run.Bill();
            cost += last;
            run.Progress();
            if (run.Done >= setup.Work - 1e-6)
            {
                return new ZoneResult(cost - last, cost, false);
            }

            if (run.Tick >= setup.Ticks || start + run.Tick >= setup.Zones[0].Length)
            {
                return new ZoneResult(cost - last, cost, true);
            }

            run.Preempt();
            latched |= DeadlineRule.MustFallBack(run.WorkLeft, run.TimeLeft, setup.Overhead, setup.Gap);
            if (!latched)
            {
                policy.Act(run);
            }
            else if (run.Now.Kind != RideKind.OnDemand)
            {
                run.TryLaunch(new Ride(RideKind.OnDemand, Math.Max(run.Now.Place, 0)));
            }
        }
    }

    /// <summary>Replaces what runs. A failed try costs nothing and leaves what runs as it was.</summary>
    public bool TryLaunch(Ride ride)
    {
        if (ride.Kind == RideKind.Interruptible && !_setup.Zones[ride.Place].Available[_start + Tick])
        {
            return false;
        }

        Now = ride;
        _launched = true;
        return true;
    }

    public void Stop() => (Now, _launched) = (new Ride(RideKind.Idle, Now.Place), false);

    private double Bill()
    {
        var hours = _setup.Gap / 3600;
        var cost = Now.Kind switch
        {
            RideKind.Interruptible => _setup.Zones[Now.Place].Prices[_start + Tick - 1] * hours,
            RideKind.OnDemand => _setup.OnDemandPrice * hours,
            _ => 0,
        };
        return _launched ? cost + _setup.MoveCost(_home, Now.Place) : cost;
    }

    private void Progress()
    {
        if (Now.Kind != RideKind.Idle)
        {
            Pending = _launched ? _setup.Overhead : Pending;
            var progress = Math.Max(_setup.Gap - Pending, 0);
            Pending -= _setup.Gap - progress;
            Done = Math.Min(Done + progress, _setup.Work);
            _home = Now.Place;
        }

        _launched = false;
    }

    private void Preempt()
    {
        Lost = Now.Kind == RideKind.Interruptible && !_setup.Zones[Now.Place].Available[_start + Tick] ? Now.Place : -1;
        if (Lost >= 0)
        {
            Stop();
        }
    }
}
