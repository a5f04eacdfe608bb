using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Spending;

/// <summary>What a live rental takes of the account that pays for it, from now on.</summary>
/// <param name="Job">Whose it is.</param>
/// <param name="Attempt">Of the job.</param>
/// <param name="PerHour">All its instances at the price now on the books, disk and what it regularly sends included.</param>
public sealed record AccountNeed(JobId Job, int Attempt, Money PerHour)
{
    /// <summary>Training for less says little of what is sent per hour.</summary>
    private static readonly TimeSpan _measured = TimeSpan.FromMinutes(30);

    /// <summary>Known data that it will receive soon.</summary>
    public Money Once { get; init; }

    /// <summary>Expected cost until it is done; null = nobody knows.</summary>
    public Money? Rest { get; init; }

    /// <summary>What its job may still spend; null = it has no budget.</summary>
    public Money? Most { get; init; }

    /// <summary>All that it will take; null = there is no end to it.</summary>
    public Money? Total => Rest is not { } rest ? Most : Most < rest ? Most : rest;

    /// <summary>Until it has taken all that; null = it goes on for ever, or costs nothing per hour.</summary>
    public TimeSpan? Lasts => Total is { } total && PerHour > Money.Zero
        ? new TimeSpan((long)Int128.Min(Int128.Max(0, (Int128)(total - Once).MicroDollars * TimeSpan.TicksPerHour / PerHour.MicroDollars), TimeSpan.MaxValue.Ticks))
        : null;

    /// <summary>What it takes within so long.</summary>
    public Money In(TimeSpan time) => Once + PerHour.PerHourFor(Lasts < time ? Lasts.Value : time);

    /// <param name="state">The job.</param>
    /// <param name="attempt">One that lives.</param>
    /// <param name="rest">Expected cost until it is done, its stores' egress left out (another account pays that); null = nobody knows.</param>
    /// <param name="now">The instant from which on it counts.</param>
    public static AccountNeed Of(JobState state, Attempt attempt, Money? rest, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(attempt);
        var rate = attempt.RateNow();
        var most = state.LeftAt(now);
        return rate <= Money.Zero
            ? new(state.Id, attempt.Number, Money.Zero) { Rest = Money.Zero, Most = most }
            : new(state.Id, attempt.Number, rate + SentPerHour(attempt, now)) { Once = ToFetch(attempt), Rest = rest, Most = most };
    }

    /// <summary>What the host charges for checkpoints: as they were sent so far, else as often as they were planned.</summary>
    private static Money SentPerHour(Attempt attempt, DateTimeOffset now)
    {
        if (attempt.TrainingStartedAt is { } from && attempt.TrainingEndedAt is null && now - from >= _measured)
        {
            return new((long)((Int128)attempt.Offer.UpPerGB.PerGBFor(attempt.SentBytes).MicroDollars * TimeSpan.TicksPerHour / (now - from).Ticks));
        }

        return attempt.Rhythm is { Every.Ticks: > 0 and var every }
            ? new((long)((Int128)attempt.Offer.UpPerGB.PerGBFor(attempt.Offer.CheckpointBytes).MicroDollars * TimeSpan.TicksPerHour / every))
            : Money.Zero;
    }

    private static Money ToFetch(Attempt attempt) =>
        attempt.Phase >= AttemptPhase.Running ? Money.Zero
        : attempt.Offer.DownPerGB.PerGBFor(attempt.Offer.DataBytes + (attempt.RestoreFrom?.Bytes ?? 0) + (attempt.Phase <= AttemptPhase.Booting ? attempt.Offer.ImageBytes : 0));
}
