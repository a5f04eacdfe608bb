using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Reports;

/// <summary>What a weekend came to. Every sum of money is one of the ledger's, within the period.</summary>
public sealed record Report
{
    public required ReportPeriod Period { get; init; }

    /// <summary>When it was made: what is left at providers, bans and alerts are of then.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>By number.</summary>
    public required ImmutableArray<ReportedJob> Jobs { get; init; }

    /// <summary>By number.</summary>
    public required ImmutableArray<ReportedBatch> Batches { get; init; }

    public required Spend Spent { get; init; }

    /// <summary>What the jobs that spent it may spend in all; null = one of them has no limit.</summary>
    public Money? Allowed { get; init; }

    /// <summary>Null = nothing was rented.</summary>
    public OnDemandFigure? OnDemand { get; init; }

    /// <summary>Dearest first.</summary>
    public required ImmutableArray<ProviderShare> Providers { get; init; }

    public required InterruptionCount Interruptions { get; init; }

    /// <summary>Those of the period that are in force.</summary>
    public ImmutableArray<HostBan> Banned { get; init; } = [];

    public ImmutableArray<PlaceFact> Places { get; init; } = [];

    /// <summary>Instances with our label that no job owned, and what they have cost within the period; part of no other sum.</summary>
    public int Orphans { get; init; }

    public Money OrphanCost { get; init; }

    public int Alerts { get; init; }

    /// <summary>Jobs that cannot be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>What to change, most urgent first.</summary>
    public ImmutableArray<string> Advice { get; init; } = [];

    /// <summary>There is something to tell.</summary>
    public bool HasRun => Jobs.Any(job => (!job.IsRehearsal && job.Phase is not (JobPhase.Scheduled or JobPhase.Paused)) || job.Spent.Total > Money.Zero);

    /// <summary>Jobs in one of these phases, rehearsals left out.</summary>
    public int Count(params ReadOnlySpan<JobPhase> phases)
    {
        var count = 0;
        foreach (var job in Jobs)
        {
            count += !job.IsRehearsal && phases.Contains(job.Phase) ? 1 : 0;
        }

        return count;
    }

    public static Report Of(ReportFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var period = facts.Period;
        var spent = facts.Instances.GroupBy(one => one.Job).ToDictionary(of => of.Key, of => (of.First().JobName, Spent: Sum(of, period)));
        var known = facts.Jobs.Select(job => job.State.Id).ToHashSet();
        ImmutableArray<ReportedJob> jobs =
        [
            .. facts.Jobs.Select(job => Reported(job, spent.GetValueOrDefault(job.State.Id).Spent ?? Spend.None, period))
                .Concat(spent.Where(one => !known.Contains(one.Key)).Select(one => new ReportedJob { Id = one.Key, Name = one.Value.JobName, Spent = one.Value.Spent }))
                .OrderBy(job => job.Id.Value),
        ];
        var orphans = facts.Orphans.Select(one => (one, Cost: one.CostAt(facts.Now) is { } cost ? period.PartOf(cost, one.FirstSeen, one.EndedAt ?? facts.Now) : Money.Zero))
            .Where(one => one.one.FirstSeen <= period.To && (one.one.EndedAt ?? facts.Now) > period.From).ToList();
        var report = new Report
        {
            Period = period,
            Now = facts.Now,
            Jobs = jobs,
            Batches = [.. facts.Batches.OrderBy(batch => batch.Id).Select(batch => Reported(batch, jobs, facts))],
            Spent = Sum(facts.Instances, period),
            Allowed = AllowedOf(facts, spent.Keys),
            OnDemand = OnDemandOnly.Of(facts),
            Providers =
            [
                .. facts.Instances.GroupBy(one => one.Provider, StringComparer.Ordinal)
                    .Select(of => new ProviderShare(of.Key, Sum(of, period), of.Count(), of.Count(one => one.Cost.NeverBooted)))
                    .OrderByDescending(share => share.Spent.Total).ThenBy(share => share.Provider, StringComparer.Ordinal),
            ],
            Interruptions = jobs.Aggregate(InterruptionCount.None, (sum, job) => sum + job.Interruptions),
            Banned = [.. facts.Bans.Where(ban => period.Contains(ban.At))],
            Places = facts.Places,
            Orphans = orphans.Count,
            OrphanCost = orphans.Aggregate(Money.Zero, (sum, one) => sum + one.Cost),
            Alerts = facts.Alerts,
            Unreadable = facts.Unreadable.Length,
        };
        return report with { Advice = ReportAdvice.Of(facts, report) };
    }

    private static Spend Sum(IEnumerable<MeteredInstance> instances, ReportPeriod period) => instances.Aggregate(Spend.None, (sum, one) => sum + Spend.Of(one.Cost, period));

    private static ReportedJob Reported(JobFact job, Spend spent, ReportPeriod period) => new()
    {
        Id = job.State.Id,
        Name = job.State.Name,
        Batch = job.Batch?.Id,
        Cell = job.Batch?.Cell,
        Phase = job.Phase,
        Reason = job.State.PhaseReason,
        IsRehearsal = job.IsRehearsal,
        Spent = spent,
        Interruptions = InterruptionCount.Of(job, period),
    };

    private static ReportedBatch Reported(BatchFact batch, ImmutableArray<ReportedJob> jobs, ReportFacts facts)
    {
        var own = jobs.Where(job => job.Batch == batch.Id).ToList();
        return new()
        {
            Id = batch.Id,
            Name = batch.Name,
            Jobs = own.Count,
            Done = own.Count(job => job.Phase == JobPhase.Succeeded),
            Failed = own.Count(job => job.Phase is JobPhase.Failed or JobPhase.DeadlineMissed),
            Live = own.Count(job => !job.Phase.IsTerminal()),
            Spent = own.Aggregate(Spend.None, (sum, job) => sum + job.Spent),
            Budget = batch.Budget,
            Best = BestResult.Of(facts.Jobs.Where(job => job.Batch?.Id == batch.Id && job.Phase == JobPhase.Succeeded).Select(job => (job.State.Id.Value, job.Metrics))),
        };
    }

    /// <summary>A shared budget counts once. What one's own machines do for nothing needs no limit.</summary>
    private static Money? AllowedOf(ReportFacts facts, IEnumerable<JobId> rented)
    {
        var ids = rented.ToHashSet();
        var paying = facts.Jobs.Where(job => ids.Contains(job.State.Id)).ToList();
        if (paying.Count == 0 || ids.Count > paying.Count)
        {
            return null;
        }

        var shared = paying.Where(job => job.State.Terms.Batch is { SharesBudget: true }).Select(job => job.Batch?.Id).Distinct().Select(id => facts.Batches.FirstOrDefault(batch => batch.Id == id)?.Budget);
        var own = paying.Where(job => job.State.Terms.Batch is not { SharesBudget: true } && (job.State.Terms.MaxTotal is not null || job.State.Attempts.Any(attempt => !attempt.Offer.IsFree)))
            .Select(job => job.State.Terms.MaxTotal);
        return shared.Concat(own).Aggregate((Money?)Money.Zero, (sum, one) => sum is { } so && one is { } more ? so + more : null);
    }
}
