using System.Collections.Immutable;
using Orchestrator.Engine.Hosts.Rented;
using Orchestrator.Jobs;

namespace Orchestrator.Server.Desk;

/// <summary>How long the hosts of a plan would go on alone.</summary>
/// <param name="asked">The spec's.</param>
/// <param name="budget">Of the whole job; null = it has none.</param>
/// <param name="selfEnding">Providers whose hosts can end themselves.</param>
internal sealed class PlanLeases(TimeSpan asked, Money? budget, ImmutableHashSet<string> selfEnding)
{
    public static PlanLeases Of(JobSpec spec, PlanAround around) => new(spec.Reliability.HostLease, spec.Budget.MaxTotal, around.SelfEnding);

    /// <summary>Null = nobody ends it.</summary>
    public TimeSpan? Of(string provider, Money perHour) => selfEnding.Contains(provider) ? LeaseTerm.Of(asked, budget, perHour) : null;
}
