namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Goes as the system's clock does, and is set forward by whoever would have to wait.</summary>
internal sealed class LeapingClock : TimeProvider
{
    private long _ahead;

    public void Leap(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);

    private TimeSpan Ahead => new(Interlocked.Read(ref _ahead));
}
