using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Engine.Reports;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Tests.Reports;

/// <summary>A weekend from Friday 20 November 2026 18:00 to Monday 09:00, and short ways to fill it.</summary>
internal static class Weekend
{
    internal static readonly DateTimeOffset Friday = new(2026, 11, 20, 18, 0, 0, TimeSpan.Zero);
    internal static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    internal static ReportFacts Facts => new() { Period = new(Friday, Monday), Now = Monday };

    /// <param name="id">Number.</param>
    /// <param name="phase">At the end.</param>
    /// <param name="why">The reason of the phase.</param>
    /// <param name="attempts">Oldest first.</param>
    internal static JobFact Job(long id, JobPhase phase, string why = "", params ImmutableArray<Attempt> attempts) => new()
    {
        State = new JobState
        {
            Id = new(id), Name = $"job-{id}", Phase = phase, PhaseReason = why, PhaseSince = Friday.AddHours(1), Attempts = attempts,
            Terms = new JobTerms { MaxTotal = Money.FromDollars(5), HasCheckpoints = true },
        },
        EndedAt = phase.IsTerminal() ? Friday.AddHours(20) : null,
    };

    /// <summary>One that trained over these hours of the weekend.</summary>
    internal static Attempt Trained(int number, double from, double to, EndReason reason = EndReason.Succeeded) => new()
    {
        Number = number, Phase = AttemptPhase.Ended, PhaseSince = Friday, PlannedAt = Friday, Offer = Offer, Label = $"orc-e-1-{number}", Reason = reason,
        TrainingStartedAt = Friday.AddHours(from), TrainingEndedAt = Friday.AddHours(to), EndedAt = Friday.AddHours(to),
    };

    internal static OfferTaken Offer => new() { Provider = "vast", OfferId = "1", Capacity = CapacityType.Interruptible, HostKind = HostKind.Container, PricePerHour = Money.FromDollars(0.3m), Gpu = "RTX 4090", GpuCount = 1 };

    /// <summary>An instance of these hours of the weekend.</summary>
    internal static MeteredInstance Instance(long job, int attempt, double from, double to, decimal compute, decimal disk = 0, decimal lost = 0, bool neverBooted = false, string provider = "vast") => new()
    {
        Job = new(job), JobName = $"job-{job}", Attempt = attempt, InstanceId = $"i-{job}-{attempt}", Provider = provider, Budget = Money.FromDollars(5),
        Cost = new(
            new(Friday.AddHours(from), Friday.AddHours(from), Friday.AddHours(to)), new(Money.FromDollars(compute), Money.FromDollars(disk), Money.Zero, Money.Zero), Money.FromDollars(lost), neverBooted),
        Frozen = true,
    };

    internal static PricePoint Price(double hour, decimal dollars, string capacity = "OnDemand") => new("RTX 4090", capacity, Friday.AddHours(hour), Money.FromDollars(dollars));
}
