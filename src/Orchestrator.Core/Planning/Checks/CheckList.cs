using System.Collections.Immutable;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning.Checks;

/// <summary>The checks that need no forecast: figures first, since all others trust them; then the ones that are cheap and reject most.</summary>
internal static class CheckList
{
    public static ImmutableArray<Check> Of(PlanRequest request, Reliability reliability, Loads loads)
    {
        var demand = request.Demand;
        var policy = request.Reliability;
        return
        [
            new FigureCheck(),
            new ProviderCheck(demand.Providers),
            new TrustCheck(request.Sensitive, demand.Providers),
            new ImageCheck(demand.NeedsImage),
            new CapacityCheck(policy.Capacity, request.Interruptions, policy.OnDemandAfter),
            new GpuCheck(demand.Gpu),
            new MachineCheck(demand.Resources, loads),
            new NetworkCheck(demand.Resources),
            new HostCheck(policy, reliability, loads, request.Now),
            new RegionCheck(policy.Regions),
            new BanCheck(policy.ExcludeHosts, request.Banned, request.Now),
            new LimitCheck(request.HasLimit),
        ];
    }
}
