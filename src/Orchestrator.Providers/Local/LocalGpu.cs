namespace Orchestrator.Providers.Local;

/// <param name="Name">Canonical name of the card.</param>
/// <param name="MemoryGB">Nominal memory in decimal gigabytes, where the card is known.</param>
public sealed record LocalGpu(string Name, int? MemoryGB);
