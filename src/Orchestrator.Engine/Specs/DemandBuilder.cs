using Orchestrator.Jobs;
using Orchestrator.Planning;

namespace Orchestrator.Engine.Specs;

/// <summary>What a spec needs of an offer.</summary>
public static class DemandBuilder
{
    public static JobDemand Build(JobSpec spec) => new()
    {
        Gpu = spec.Resources.Gpu,
        Resources = spec.Resources,
        NeedsImage = spec.Image is not null,
        Providers = spec.Providers,
        Capacity = spec.Reliability.Capacity,
    };
}
