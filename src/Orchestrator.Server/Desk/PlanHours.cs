using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Planning;
using Orchestrator.Reconciling;

namespace Orchestrator.Server.Desk;

/// <summary>What the spec's schedule makes of a plan: when it begins, and when so many hours of work are done.</summary>
internal sealed class PlanHours(JobSpec spec, DateTimeOffset now)
{
    private readonly JobTerms _terms = TermsBuilder.Build(spec, now);
    private readonly Policies _policies = new();

    /// <summary>Null = never: the hours have no instant in common.</summary>
    public DateTimeOffset? Begins => Kernel.OpensAt(_terms, _policies, now) is var opens && opens < DateTimeOffset.MaxValue ? opens : null;

    /// <summary>A choice's times count from when it begins; outside of the run's hours nothing is done.</summary>
    public DateTimeOffset? DoneAt(TimeSpan? time) =>
        time is { } hours && hours < TimeSpan.FromDays(36_500) && Begins is { } from ? TimeWindows.After(_terms.RunWindows, from, hours, Kernel.LeavingTime(_terms, _policies)) : null;
}
