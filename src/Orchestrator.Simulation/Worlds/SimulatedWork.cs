using Orchestrator.Jobs;
using Orchestrator.Planning;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Simulation.Worlds;

/// <summary>What has to be done and moved; the stand-ins for unknown sizes are the planner's.</summary>
internal sealed class SimulatedWork
{
    public SimulatedWork(SimulatedJob job)
    {
        var request = job.Request;
        var sizes = request.Sizes;
        HasCheckpoints = request.Rhythm.HasCheckpoints;
        TotalSeconds = (long)Math.Ceiling(request.Work!.Time.TotalSeconds);
        ImageGB = request.Demand.NeedsImage ? Gigabytes(sizes.Image ?? Priors.Image) : 0;
        DataGB = Gigabytes(sizes.Data ?? Priors.Data);
        CheckpointGB = HasCheckpoints ? Gigabytes(sizes.Checkpoint ?? Priors.Checkpoint) : 0;
        OutputsGB = Gigabytes(sizes.Outputs);
        Setup = job.Terms.Setup is null ? TimeSpan.Zero : TimeSpan.FromMinutes(2);
        DiskGB = request.Demand.Resources.Disk is { } asked
            ? Gigabytes(asked)
            : Math.Max(20, 1.2 * (ImageGB + DataGB + ((HasCheckpoints ? request.Rhythm.Keep + 1 : 0) * CheckpointGB)));
    }

    public bool HasCheckpoints { get; }

    /// <summary>Work in all, in seconds of the estimate.</summary>
    public long TotalSeconds { get; }

    public double ImageGB { get; }

    public double DataGB { get; }

    public double CheckpointGB { get; }

    public double OutputsGB { get; }

    public double DiskGB { get; }

    public TimeSpan Setup { get; }

    private static double Gigabytes(ByteSize size) => size.Bytes / 1e9;
}
