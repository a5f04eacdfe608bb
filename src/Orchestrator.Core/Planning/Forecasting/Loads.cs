using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;

namespace Orchestrator.Planning.Forecasting;

/// <summary>What is moved and stored, in decimal gigabytes, assumptions filled in.</summary>
internal sealed class Loads
{
    /// <summary>Least disk that is rented (<c>disk: auto</c>).</summary>
    private const double LeastDisk = 20;

    private const double Reserve = 1.2;

    private const double MonthHours = 730;

    private readonly double _disk;
    private readonly double _ownDisk;

    public Loads(PlanRequest request)
    {
        var sizes = request.Sizes;
        var checkpoints = request.Rhythm.HasCheckpoints;
        Image = request.Demand.NeedsImage ? Gigabytes(sizes.Image ?? Priors.Image) : 0;
        Data = Gigabytes(sizes.Data ?? Priors.Data);
        Checkpoint = checkpoints ? Gigabytes(sizes.Checkpoint ?? Priors.Checkpoint) : 0;
        Restore = Gigabytes(sizes.Restore);
        Outputs = Gigabytes(sizes.Outputs);
        var kept = checkpoints ? request.Rhythm.Keep + 1 : 0;
        var asked = request.Demand.Resources.Disk;
        _disk = asked is { } written ? Gigabytes(written) : Math.Max(LeastDisk, Reserve * (Image + Data + (kept * Checkpoint)));
        // The image may lie there already.
        _ownDisk = asked is not null ? _disk : Reserve * (Known(sizes.Data) + (kept * Known(sizes.Checkpoint)));
        IsDiskAuto = asked is null;
    }

    public double Image { get; }

    public double Data { get; }

    public double Checkpoint { get; }

    public double Restore { get; }

    public double Outputs { get; }

    public bool IsDiskAuto { get; }

    /// <summary>Disk to rent. An own machine has what it has: there, only what is known to be needed is asked for.</summary>
    public double DiskOn(OfferTier tier) => tier == OfferTier.Own ? _ownDisk : _disk;

    /// <summary>In dollars.</summary>
    public double DiskPerHour(Offer offer) => offer.DiskPerGBMonth.MicroDollars / 1e6 * DiskOn(offer.Tier) / MonthHours;

    /// <summary>What the kernel charges for; an own machine's disk costs nothing.</summary>
    public LoadView ToView(Money? egress) => new()
    {
        DiskBytes = Bytes(_disk),
        ImageBytes = Bytes(Image),
        DataBytes = Bytes(Data),
        CheckpointBytes = Bytes(Checkpoint),
        EgressPerGB = egress ?? Money.Zero,
    };

    private static long Bytes(double gigabytes) => (long)Math.Ceiling(Math.Min(gigabytes, 1e9) * 1e9);

    private static double Known(ByteSize? size) => size is { } known ? Gigabytes(known) : 0;

    private static double Gigabytes(ByteSize size) => Math.Max(0, size.Bytes / 1e9);
}
