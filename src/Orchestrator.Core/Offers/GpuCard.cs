namespace Orchestrator.Offers;

/// <summary>A GPU model as people and providers know it.</summary>
/// <param name="Name">Canonical name, for example <c>RTX 4090</c> or <c>A100-80GB</c>.</param>
/// <param name="MemoryGb">Nominal memory in decimal gigabytes, as printed on the box; what the driver reports differs.</param>
/// <param name="ComputeCapability">CUDA compute capability, for example 8.9; 0 for cards without CUDA.</param>
public sealed record GpuCard(string Name, int MemoryGb, decimal ComputeCapability);
