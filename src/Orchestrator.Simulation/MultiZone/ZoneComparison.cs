using System.Collections.Immutable;

namespace Orchestrator.Simulation.MultiZone;

/// <summary>Runs every policy over the same windows.</summary>
public static class ZoneComparison
{
    public const string Ours = "ours";

    private static readonly ImmutableArray<(string Name, Func<MultiZoneSetup, int, ZoneResult> Play)> Policies =
    [
        ("on-demand", (setup, start) => ZoneRun.Play(setup, start, new ZoneOnDemand())),
        ("uniform-progress", (setup, start) => ZoneRun.Play(setup, start, new ZoneUniformProgress(setup))),
        (Ours, (setup, start) => ZoneRun.Play(setup, start, new ZoneOurs(setup, start))),
        ("optimum", Optimum),
    ];

    /// <param name="windows">Ticks where a run starts.</param>
    public static MultiZoneReport Run(MultiZoneSetup setup, ImmutableArray<int> windows) => new([.. Policies.Select(policy =>
    {
        ImmutableArray<WindowResult> results = [.. windows.Select(start =>
        {
            var result = policy.Play(setup, start);
            return new WindowResult(start, Math.Round(result.Published, 4), Math.Round(result.Paid, 4), result.Missed);
        })];
        return new PolicyResult(
            policy.Name, Math.Round(results.Average(w => w.Cost), 2), Math.Round(results.Average(w => w.Paid), 2), results.Count(w => w.Missed), results);
    })]);

    private static ZoneResult Optimum(MultiZoneSetup setup, int start)
    {
        var (published, paid) = (ZoneOptimum.Cost(setup, start, billsLast: false), ZoneOptimum.Cost(setup, start, billsLast: true));
        return double.IsInfinity(paid) ? new ZoneResult(0, 0, true) : new ZoneResult(published, paid, false);
    }
}
