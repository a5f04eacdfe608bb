namespace Orchestrator.Emulators.RunPod;

/// <summary>A card of the catalogue, at its prices per card and hour.</summary>
public sealed record RunPodCardEntry
{
    public string Id { get; init; } = "NVIDIA GeForce RTX 4090";

    public string Name { get; init; } = "RTX 4090";

    public string Manufacturer { get; init; } = "NVIDIA";

    /// <summary>Gigabytes of the card.</summary>
    public int Memory { get; init; } = 24;

    public double Secure { get; init; } = 0.74;

    public double Community { get; init; } = 0.34;
}
