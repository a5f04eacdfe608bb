namespace Orchestrator.Planning;

/// <summary>How much training is left.</summary>
public sealed record WorkLeft
{
    /// <summary>Training time that is left on the cards it was measured on, without interruptions.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Canonical card the time was measured on; null = every offer is taken to be as fast as any other.</summary>
    public string? Gpu { get; init; }

    /// <summary>How many of those cards.</summary>
    public int GpuCount { get; init; } = 1;

    public required WorkSource Source { get; init; }

    /// <summary>For people: <c>estimate: 6h on RTX 4090</c>, <c>rehearsal r-31, 20 Nov</c>.</summary>
    public string Words { get; init; } = "";
}
