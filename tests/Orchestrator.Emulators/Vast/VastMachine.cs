namespace Orchestrator.Emulators.Vast;

/// <summary>A host with what is asked for its cards; one ask for each power of two up to all of them.</summary>
public sealed record VastMachine
{
    public required int Id { get; init; }

    public string Gpu { get; init; } = "RTX 4090";

    public int Gpus { get; init; } = 1;

    public int GpuMegabytes { get; init; } = 24564;

    /// <summary>For one card and hour, on demand.</summary>
    public double Price { get; init; } = 1.0 / 3;

    public double LeastBid { get; init; } = 0.2266666667;

    public double StoragePerMonth { get; init; } = 0.2;

    /// <summary>Dollars for 10^9 bytes that it receives.</summary>
    public double DownPerGB { get; init; } = 0.0026041667;

    /// <summary>Dollars for 10^9 bytes that it sends.</summary>
    public double UpPerGB { get; init; } = 0.00390625;

    /// <summary>Vast.ai's measure of one card.</summary>
    public double Performance { get; init; } = 106.62;

    /// <summary>8.9 is 890.</summary>
    public int ComputeCapability { get; init; } = 890;

    /// <summary>Newest CUDA that its driver knows.</summary>
    public double Cuda { get; init; } = 13;

    public double DownMbps { get; init; } = 905.7;

    public double UpMbps { get; init; } = 812.4;

    /// <summary>For each card, as are memory and disk.</summary>
    public double Cpus { get; init; } = 24;

    public double Megabytes { get; init; } = 64334;

    public double DiskGB { get; init; } = 684.2;

    public bool Verified { get; init; } = true;

    public double Reliability { get; init; } = 0.9938218;

    public string Place { get; init; } = "Quebec, CA";

    public DateTimeOffset? Until { get; init; }
}
