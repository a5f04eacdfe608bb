using Orchestrator.Recovery.Deadlines;

namespace Orchestrator.Simulation.MultiZone;

/// <summary>
/// Uniform Progress in any of several zones, as SkyNomad's authors compare with: cheapest first, but zones of the region that
/// ran last after all others, since it has just shown that it is short.
/// </summary>
public sealed class ZoneUniformProgress(MultiZoneSetup setup) : IZonePolicy
{
    private int _last = -1;

    public void Act(ZoneRun run)
    {
        var now = run.Now;
        _last = now.Kind == RideKind.Idle ? _last : now.Place;
        var (wish, leaves) = Wish(run, now.Kind, hasSpot: true);
        if (wish == now.Kind)
        {
            return;
        }

        if (wish == RideKind.Interruptible)
        {
            if (now.Kind == RideKind.OnDemand)
            {
                run.Stop();
            }

            foreach (var zone in Order(run))
            {
                if (run.TryLaunch(new Ride(RideKind.Interruptible, zone)))
                {
                    return;
                }
            }

            wish = leaves ? RideKind.Idle : Wish(run, RideKind.Idle, hasSpot: false).Kind;
        }

        if (wish == RideKind.OnDemand)
        {
            run.TryLaunch(new Ride(RideKind.OnDemand, Math.Max(run.Now.Place, 0)));
        }
        else
        {
            run.Stop();
        }
    }

    private IEnumerable<int> Order(ZoneRun run) => Enumerable.Range(0, setup.Zones.Length)
        .OrderBy(zone => _last >= 0 && setup.RegionOf(zone) == setup.RegionOf(_last))
        .ThenBy(run.Price)
        .ThenBy(zone => zone);

    /// <summary>The rules of Uniform Progress in their order, and whether only the last of them let go of on-demand.</summary>
    private (RideKind Kind, bool Leaves) Wish(ZoneRun run, RideKind now, bool hasSpot)
    {
        var pace = setup.Work / setup.Deadline;
        var left = Math.Floor(run.TimeLeft / setup.Gap);
        var aheadAfterSwitch = run.Done - (run.Elapsed + 2 * setup.Overhead) * pace;
        var wish = hasSpot ? RideKind.Interruptible : run.Done - run.Elapsed * pace < 0 ? RideKind.OnDemand : RideKind.Idle;
        if (now == RideKind.OnDemand && (!hasSpot || aheadAfterSwitch <= 0))
        {
            wish = RideKind.OnDemand;
        }

        if (Math.Ceiling((run.WorkLeft + 2 * setup.Overhead) / setup.Gap) > left && now != RideKind.Interruptible)
        {
            wish = RideKind.OnDemand;
        }

        return now == RideKind.OnDemand && hasSpot && wish == RideKind.OnDemand && aheadAfterSwitch > 0 ? (RideKind.Interruptible, true) : (wish, false);
    }
}
