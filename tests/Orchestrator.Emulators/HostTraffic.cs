namespace Orchestrator.Emulators;

/// <summary>What an instance's host has moved over its line since the instance was created, in bytes.</summary>
public sealed record HostTraffic(long Received, long Sent)
{
    public static readonly HostTraffic None = new(0, 0);
}
