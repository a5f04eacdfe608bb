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
    };

    /// <summary>What a plan is made from where no more than the spec is known.</summary>
    public static PlanRequest Request(JobSpec spec, DateTimeOffset now) => new()
    {
        Now = now,
        Demand = Build(spec),
        Reliability = spec.Reliability,
        Prefer = spec.Prefer,
        Sensitive = spec.Sensitive,
        MaxHourly = spec.Budget.MaxHourly,
    };
}
