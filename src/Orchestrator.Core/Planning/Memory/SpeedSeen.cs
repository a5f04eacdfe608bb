namespace Orchestrator.Planning.Memory;

/// <summary>The same work measured on two sets of cards.</summary>
/// <param name="Place">Where the first ran.</param>
/// <param name="GpuCount">Cards there.</param>
/// <param name="At">When.</param>
/// <param name="AgainstGpu">The other card; the same one (and count) = this host against the usual host of its kind.</param>
/// <param name="AgainstCount">How many of it.</param>
/// <param name="Ratio">Steps per hour here ÷ steps per hour there.</param>
public sealed record SpeedSeen(Place Place, int GpuCount, DateTimeOffset At, string AgainstGpu, int AgainstCount, double Ratio);
