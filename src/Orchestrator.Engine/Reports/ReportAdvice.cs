using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Engine.Messages;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Reports;

/// <summary>What a person may want to change, as far as the facts of the report say so: one line for each, with the command or the field.</summary>
public static class ReportAdvice
{
    /// <summary>Nobody acts on a sixth.</summary>
    private const int Most = 5;

    private static readonly TimeSpan _longWait = TimeSpan.FromHours(6);
    private static readonly TimeSpan _worthSaving = TimeSpan.FromMinutes(10);
    private const double ShareWorthSaving = 0.05;

    public static ImmutableArray<string> Of(ReportFacts facts, Report report)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(report);
        return
        [
            .. Left(report).Concat(Budgets(facts)).Concat(WaitsForYou(facts)).Concat(Failures(facts, report)).Concat(Deadlines(facts)).Concat(Waits(facts))
                .Concat(Rhythms(facts)).Concat(NeverBooted(report)).Concat(OnDemand(report)).Concat(Moves(report)).Take(Most),
        ];
    }

    private static IEnumerable<string> Left(Report report)
    {
        if (report.Places.Sum(place => place.Owed + place.Orphans) is var owed and > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{owed} {(owed == 1 ? "instance is" : "instances are")} to be gone and not confirmed: orchestrator alerts says which, destroy what stays at its provider");
        }
    }

    private static IEnumerable<string> Budgets(ReportFacts facts) => Stopped(facts, IsBudget)
        .Select(job => job.Batch is { Budget: not null } batch
            ? $"the shared budget of {batch.Name} is spent: orchestrator batch {batch.Name} --budget AMOUNT, then orchestrator batch {batch.Name} --resume"
            : $"the budget of {Name(job)} is spent: orchestrator resume {Number(job)} --budget AMOUNT")
        .Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> WaitsForYou(ReportFacts facts) => Stopped(facts, job => !IsBudget(job))
        .Select(job => job.Batch is { } batch
            ? $"jobs of {batch.Name} are paused ({Short(job.State.PhaseReason)}): orchestrator batch {batch.Name} --resume"
            : $"{Name(job)} is paused ({Short(job.State.PhaseReason)}): orchestrator resume {Number(job)}")
        .DistinctBy(line => line.Split(" (")[0], StringComparer.Ordinal);

    private static IEnumerable<string> Failures(ReportFacts facts, Report report)
    {
        foreach (var batch in report.Batches.Where(batch => batch.Failed >= 3 && facts.Batches.Any(of => of.Id == batch.Id && of.Canary == 0)))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{batch.Failed} of {batch.Jobs} jobs of {batch.Name} failed: strategy.canary: 1 lets one prove itself before the others are paid for");
        }

        foreach (var job in Real(facts).Where(job => job is { Phase: JobPhase.Failed, Batch: null }).OrderByDescending(job => job.State.Id.Value).Take(1))
        {
            yield return $"{Name(job)} failed ({Short(job.State.PhaseReason)}): orchestrator logs {Number(job)}; once mended: orchestrator retry {Number(job)}";
        }
    }

    private static IEnumerable<string> Deadlines(ReportFacts facts) => Real(facts)
        .Where(job => job.State.Terms.Deadline is { } deadline && (job.EndedAt ?? facts.Period.To) > deadline && job.Phase != JobPhase.Cancelled)
        .Select(job => $"{Name(job)} {(job.EndedAt is null ? "is late by" : "missed its deadline by")} {MessageWords.For((job.EndedAt ?? facts.Period.To) - job.State.Terms.Deadline!.Value)}: an earlier start, faster cards (resources.gpu) or a higher budget.max-hourly");

    private static IEnumerable<string> Waits(ReportFacts facts) => Real(facts)
        .Where(job => job.Phase == JobPhase.Waiting && job.State is { RoomWait: null, BatchWait: null } && facts.Period.To - job.State.PhaseSince > _longWait)
        .Select(job => $"{Name(job)} has found no host for {MessageWords.For(facts.Period.To - job.State.PhaseSince)}: other cards (resources.gpu), providers or prices; orchestrator show {Number(job)} counts what speaks against each offer");

    private static IEnumerable<string> Rhythms(ReportFacts facts)
    {
        foreach (var of in Real(facts).Where(job => job.State.Terms.HasCheckpoints).GroupBy(job => job.Batch is { } batch ? (batch.Name, 0L) : (job.State.Name, job.State.Id.Value)))
        {
            var cut = of.Aggregate(InterruptionCount.None, (sum, job) => sum + InterruptionCount.Of(job, facts.Period));
            var trained = of.Aggregate(TimeSpan.Zero, (sum, job) => sum + job.State.Trained(facts.Period.To));
            var saved = of.Sum(job => job.Saved.Values.Sum(one => one.Count));
            // Where the plan decides the rhythm, it has weighed this already.
            if (cut.Lost < _worthSaving || cut.Lost < trained * ShareWorthSaving || of.Any(job => job.State.Attempts.Any(attempt => attempt.Rhythm is not null)))
            {
                continue;
            }

            var name = of.Key.Item2 == 0 ? of.Key.Item1 : Name(of.First());
            var lost = string.Create(CultureInfo.InvariantCulture, $"{name} lost {MessageWords.For(cut.Lost)} of training in {cut.Count} {(cut.Count == 1 ? "interruption" : "interruptions")}");
            yield return saved == 0
                ? $"{lost} and never stored a checkpoint: let its trainer save oftener"
                : $"{lost}, at a checkpoint every {MessageWords.For(trained / saved)}: one every {MessageWords.For(Minutes(trained / saved / 2))} loses about half of that (the trainer's own rhythm, or checkpoints.every)";
        }
    }

    private static IEnumerable<string> NeverBooted(Report report) => report.Providers
        .Where(share => share.NeverBooted >= 2 && share.NeverBooted * 4 >= share.Hosts)
        .Select(share => string.Create(CultureInfo.InvariantCulture, $"{share.NeverBooted} of {share.Hosts} hosts at {share.Provider} never came up, for {share.Spent.NeverBooted}: reliability.min-score asks for better ones, providers leaves {share.Provider} out"));

    private static IEnumerable<string> OnDemand(Report report)
    {
        if (report.OnDemand is { } figure && figure.Cost < figure.Instead)
        {
            yield return $"on demand the same hours would have cost {figure.Instead - figure.Cost} less: reliability: {{capacity: on-demand}}, or other cards";
        }
    }

    private static IEnumerable<string> Moves(Report report)
    {
        if (report.Spent.Moves >= Money.FromDollars(1) && report.Spent.Moves.MicroDollars * 4 >= report.Spent.Total.MicroDollars)
        {
            yield return $"gigabytes cost {report.Spent.Moves} of {report.Spent.Total}: a store that charges nothing for what leaves it (egress-price), or hosts that do not (orchestrator plan shows moves)";
        }
    }

    private static IEnumerable<JobFact> Stopped(ReportFacts facts, Func<JobFact, bool> which) => Real(facts).Where(job => job.Phase == JobPhase.Paused && !IsByPerson(job) && which(job));

    private static IEnumerable<JobFact> Real(ReportFacts facts) => facts.Jobs.Where(job => !job.IsRehearsal);

    private static bool IsBudget(JobFact job) => JobMessages.IsForBudget(job.State.PhaseReason, job.State);

    private static bool IsByPerson(JobFact job) => JobMessages.IsByPerson(job.State.PhaseReason);

    private static string Name(JobFact job) => $"{job.State.Name}{job.State.Id}";

    private static string Number(JobFact job) => job.State.Id.Value.ToString(CultureInfo.InvariantCulture);

    private static string Short(string reason) => MessageWords.Line(reason, 100);

    /// <summary>In whole minutes, at least one.</summary>
    private static TimeSpan Minutes(TimeSpan time) => TimeSpan.FromMinutes(Math.Max(1, Math.Round(time.TotalMinutes)));
}
