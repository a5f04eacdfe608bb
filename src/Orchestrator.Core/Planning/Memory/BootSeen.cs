namespace Orchestrator.Planning.Memory;

/// <summary>How a launch ended.</summary>
/// <param name="Place">Where.</param>
/// <param name="At">When.</param>
/// <param name="Took">From the order until it was ready, without what the image took; null = it never was.</param>
public sealed record BootSeen(Place Place, DateTimeOffset At, TimeSpan? Took);
