namespace Orchestrator.Planning.Memory;

/// <summary>What a host really moved, in megabits per second; null = not measured.</summary>
public sealed record TransferSeen(Place Place, DateTimeOffset At, double? DownMbps, double? UpMbps);
