using Orchestrator.Attempts;

namespace Orchestrator.Planning.Memory;

/// <summary>An instance that was there and was no good: its cards failed, or it is not what was offered.</summary>
public sealed record FaultSeen(Place Place, DateTimeOffset At, EndReason Reason);
