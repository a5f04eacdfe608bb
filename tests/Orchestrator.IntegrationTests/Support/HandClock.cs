namespace Orchestrator.IntegrationTests.Support;

/// <summary>Stamps that a test moves on; the time of day is the system's.</summary>
public sealed class HandClock : TimeProvider
{
    public TimeSpan Now { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;
}
