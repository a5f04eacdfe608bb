using System.Collections.Immutable;
using Orchestrator.Engine.Hosts.Rented;
using Orchestrator.Jobs;

namespace Orchestrator.Server.Desk;

/// <summary>How long the hosts of a plan would go on alone.</summary>
/// <param name="asked">The spec's.</param>
/// <param name="budget">Of the whole job; null = it has none.</param>
/// <param name="selfEnding">Providers whose hosts can end themselves.</param>
/// <param name="endsAlone">By provider: how long after its start a host ends itself that was given no lease.</param>
internal sealed class PlanLeases(TimeSpan asked, Money? budget, ImmutableHashSet<string> selfEnding, ImmutableDictionary<string, TimeSpan> endsAlone)
{
    public static PlanLeases Of(JobSpec spec, PlanAround around) => new(spec.Reliability.HostLease, spec.Budget.MaxTotal, around.SelfEnding, around.EndsAlone);

    /// <summary>Of a host that was given no lease yet; null = nobody ends it.</summary>
    public TimeSpan? AloneOf(string provider) => selfEnding.Contains(provider) && endsAlone.TryGetValue(provider, out var time) ? time : null;

    /// <summary>Null = nobody ends it.</summary>
    public TimeSpan? Of(string provider, Money perHour) => selfEnding.Contains(provider) ? LeaseTerm.Of(asked, budget, perHour) : null;
}
