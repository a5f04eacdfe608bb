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

    public bool Verified { get; init; } = true;

    public double Reliability { get; init; } = 0.9938218;

    public string Place { get; init; } = "Quebec, CA";

    public DateTimeOffset? Until { get; init; }
}
