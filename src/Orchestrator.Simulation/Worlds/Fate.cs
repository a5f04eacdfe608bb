using Orchestrator.Determinism;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Simulation.Worlds;

/// <summary>What will become of the n-th launch on a host: the same for every policy that makes it.</summary>
internal sealed record Fate
{
    public required BootFault Fault { get; init; }

    /// <summary>From the order until the instance is up, image aside.</summary>
    public required TimeSpan Boot { get; init; }

    public required double DownMbps { get; init; }

    public required double UpMbps { get; init; }

    /// <summary>Hours of the estimated work done per hour.</summary>
    public required double Speed { get; init; }

    /// <summary>Once it is up.</summary>
    public required TimeSpan Life { get; init; }

    public required LossKind Loss { get; init; }

    public required TimeSpan Notice { get; init; }

    public TimeSpan Download(double gigabytes) => Hours(gigabytes * 8000 / DownMbps / 3600);

    public TimeSpan Upload(double gigabytes) => Hours(gigabytes * 8000 / UpMbps / 3600);

    public static Fate Of(ulong seed, Offer offer, WorkLeft work, int launch, bool badNight)
    {
        var place = StableHash.Of(offer.Host ?? offer.Provider + "/" + offer.Id);
        var host = Draws.At(seed, place);
        var frailty = PortableMath.Exp(WorldTruths.HostSpread * host.Normal());
        var pace = PortableMath.Exp(WorldTruths.HostSpeedSpread * host.Normal()) * (host.Chance(WorldTruths.SlowHosts) ? host.Between(0.5, 0.8) : 1);
        var (down, up) = Lines(host, offer);

        var random = Draws.At(seed, place, ((ulong)offer.Capacity * 1_000_003) + (ulong)launch);
        var success = badNight && offer.Tier == OfferTier.Marketplace ? Math.Min(WorldTruths.BadNightSuccess, WorldTruths.BootSuccess(offer)) : WorldTruths.BootSuccess(offer);
        return new Fate
        {
            Fault = random.NextDouble() < success ? BootFault.None : random.NextDouble() switch { < 0.6 => BootFault.Refused, < 0.8 => BootFault.Stopped, _ => BootFault.Stuck },
            Boot = Hours(random.LogNormal(WorldTruths.BootMinutes(offer), 0.45) / 60),
            DownMbps = down,
            UpMbps = up,
            Speed = pace * SpeedOf(seed, offer, work),
            // So many per operational hour: the mean over the first day is the rate, whatever the shape.
            Life = Hours(Math.Min(100_000, random.Weibull(24 * PortableMath.Pow(1 / (24 * frailty * WorldTruths.Rate(offer)), 1 / WorldTruths.LifeShape), WorldTruths.LifeShape))),
            Loss = LossOf(random.NextDouble(), offer),
            Notice = Hours(random.Between(0.5, 3) / 60),
        };
    }

    private static LossKind LossOf(double share, Offer offer) => offer.Capacity == CapacityType.Interruptible
        ? share switch { < 0.75 => LossKind.Stopped, < 0.80 => LossKind.Gone, < 0.88 => LossKind.Silent, _ => LossKind.Noticed }
        : share switch { < 0.35 => LossKind.Stopped, < 0.45 => LossKind.Gone, < 0.85 => LossKind.Silent, _ => LossKind.Noticed };

    /// <summary>A host that publishes nothing, or nought, has the line that is usual for its tier.</summary>
    private static (double Down, double Up) Lines(SeededRandom host, Offer offer)
    {
        var (down, up, spread) = WorldTruths.Line(offer.Tier);
        var reached = PortableMath.Exp(0.35 * host.Normal());
        var usual = PortableMath.Exp(spread * host.Normal());
        return (Line(offer.DownMbps, down), Line(offer.UpMbps, up));

        double Line(double? published, double other) =>
            Math.Clamp(published > 0 ? published.Value * 0.75 * reached : other * usual, 20, 2500);
    }

    private static double SpeedOf(ulong seed, Offer offer, WorkLeft work)
    {
        // The person's estimate is off by the same factor wherever it runs.
        var estimate = PortableMath.Exp(-WorldTruths.EstimateSpread * Draws.At(seed, 11).Normal());
        if (work.Gpu is not { } reference || offer.Gpu is not { } gpu || offer.GpuCount <= 0)
        {
            return estimate;
        }

        var card = (CardSpeeds.Of(gpu) ?? CardSpeeds.Unknown) / (CardSpeeds.Of(reference) ?? CardSpeeds.Unknown);
        var surprise = gpu == reference ? 1 : PortableMath.Exp(WorldTruths.CardSpeedSpread * Draws.At(seed, StableHash.Of("card", gpu)).Normal());
        var scaling = offer.GpuCount == work.GpuCount ? 1 : PortableMath.Pow((double)offer.GpuCount / work.GpuCount, 0.93);
        return estimate * card * surprise * scaling;
    }

    private static TimeSpan Hours(double hours) => TimeSpan.FromMilliseconds(Math.Round(hours * 3_600_000));
}
