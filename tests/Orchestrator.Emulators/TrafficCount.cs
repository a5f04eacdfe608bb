namespace Orchestrator.Emulators;

/// <summary>Counts what one instance moves, from any thread.</summary>
public sealed class TrafficCount
{
    private long _received;
    private long _sent;

    public HostTraffic Now => new(Interlocked.Read(ref _received), Interlocked.Read(ref _sent));

    public void Receive(long bytes) => Interlocked.Add(ref _received, bytes);

    public void Send(long bytes) => Interlocked.Add(ref _sent, bytes);
}
