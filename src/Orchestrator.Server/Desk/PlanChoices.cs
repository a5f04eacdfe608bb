using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Says one choice of a plan for people and scripts.</summary>
internal static class PlanChoices
{
    public static PlanChoice Of(Choice choice, PlanLeases leases)
    {
        var (offer, forecast) = (choice.Offer, choice.Forecast);
        return new PlanChoice
        {
            Provider = offer.Provider,
            Offer = offer.Id,
            Host = offer.Host,
            Gpu = offer.Gpu,
            GpuCount = offer.GpuCount,
            Capacity = Words.Of(offer.Capacity),
            Tier = Words.Of(offer.Tier),
            Until = offer.Until,
            Bid = offer.Capacity == CapacityType.Interruptible ? offer.PricePerHour.Dollars : null,
            PerHour = choice.PerHour.Dollars,
            MedianSeconds = forecast?.Median.TotalSeconds,
            Seconds90 = forecast?.Time90.TotalSeconds,
            Compute = forecast?.Compute.Dollars,
            LostWork = forecast?.LostWork.Dollars,
            Disk = forecast?.Disk.Dollars,
            Moves = forecast?.Moves.Dollars,
            StoreEgress = forecast?.StoreEgress.Dollars,
            NeverBoots = forecast?.NeverBoots.Dollars,
            Total = forecast?.Total.Dollars,
            Total90 = forecast?.Total90.Dollars,
            Interruptions = forecast?.Interruptions,
            Checkpoints = Checkpoints(forecast?.Checkpoints, choice.Rhythm),
            MissesDeadline = choice.MissesDeadline,
            LeaseSeconds = leases.Of(offer.Provider, choice.PerHour)?.TotalSeconds,
            AloneSeconds = leases.AloneOf(offer.Provider)?.TotalSeconds,
            Figures = [.. (forecast?.Figures ?? []).Select(figure => new PlanFigure(figure.Name, figure.Value, Words.Of(figure.Origin)))],
        };
    }

    private static PlanCheckpoints? Checkpoints(CheckpointAdvice? advice, AttemptRhythm? rhythm) => (advice, rhythm) switch
    {
        ({ } best, _) => new(best.Every.TotalSeconds, best.OptimumFrom.TotalSeconds, best.OptimumTo.TotalSeconds, best.Upload.TotalSeconds, best.KeepsUp)
        {
            InterruptedEverySeconds = rhythm?.MeanBetween.TotalSeconds,
            StoredEverySeconds = best.Stored > best.Every ? best.Stored.TotalSeconds : null,
            IsAssumed = best.IsAssumed,
        },
        (_, { } asked) => new(asked.Every.TotalSeconds, asked.Every.TotalSeconds, asked.Every.TotalSeconds, asked.Upload.TotalSeconds, KeepsUp: true)
        {
            InterruptedEverySeconds = asked.MeanBetween.TotalSeconds,
        },
        _ => null,
    };
}
