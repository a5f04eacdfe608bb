using Orchestrator.Recovery.Deadlines;

namespace Orchestrator.Simulation.MultiZone;

/// <summary>The product's own rule over several zones: what it would like best it tries to launch, and learns from the answer.</summary>
public sealed class ZoneOurs : IZonePolicy
{
    /// <summary>The table has no more steps than this, which keeps three zones within a second and some hundred megabytes.</summary>
    private const int Steps = 200;

    private readonly DeadlineRule _rule;
    private readonly double[] _prices;

    public ZoneOurs(MultiZoneSetup setup, int start)
    {
        _prices = [.. setup.Zones.Select(zone => zone.Prices[start])];
        var places = Enumerable.Range(0, _prices.Length).ToArray();
        var journey = new Journey(
            setup.Work, setup.Ticks * setup.Gap, setup.Overhead, setup.OnDemandPrice, [.. _prices],
            [.. places.Select(from => (System.Collections.Immutable.ImmutableArray<double>)[.. places.Select(to => setup.MoveCost(from, to))])], KeepsRide: false);
        var step = setup.Gap * Math.Max(Math.Ceiling(setup.Overhead / setup.Gap), Math.Ceiling((double)setup.Ticks / Steps));
        var model = AvailabilityModels.OfSeveralPlaces;
        _rule = new DeadlineRule(model, journey, new CostToGo(model, journey, step), setup.Gap);
    }

    public void Act(ZoneRun run)
    {
        if (run.Tick > 0)
        {
            _rule.Advance();
        }

        var may = new bool[_prices.Length];
        Array.Fill(may, true);
        for (var zone = 0; zone < may.Length; zone++)
        {
            _prices[zone] = run.Price(zone);
        }

        if (run.Lost >= 0)
        {
            _rule.Saw(run.Lost, false);
            may[run.Lost] = false;
        }
        else if (run.Now.Kind == RideKind.Interruptible)
        {
            _rule.Saw(run.Now.Place, true);
        }

        while (true)
        {
            var wish = _rule.Choose(run.WorkLeft, run.TimeLeft, run.Pending, run.Now, _prices, may);
            if (wish == run.Now)
            {
                return;
            }

            if (wish.Kind == RideKind.Idle)
            {
                run.Stop();
                return;
            }

            if (run.TryLaunch(wish))
            {
                return;
            }

            _rule.Saw(wish.Place, false);
            may[wish.Place] = false;
        }
    }
}
