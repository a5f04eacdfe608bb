namespace Orchestrator.Agent.Attaching;

/// <summary>Whether a server is attached now, and since when none is.</summary>
internal sealed class ServerPresence(TimeProvider time) : IDisposable
{
    /// <summary>A restart of the server takes this long, and is not worth a grant that was kept for hours of absence.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private object? _attached;
    private CancellationTokenSource _visit = new();
    private int _minor;
    private long _leftAt = time.GetTimestamp();

    /// <summary>Nobody is attached, and nobody has been for a while.</summary>
    public bool IsAlone
    {
        get
        {
            lock (_lock)
            {
                return _attached is null && time.GetElapsedTime(_leftAt) >= Patience;
            }
        }
    }

    /// <summary>The protocol's minor of the server that is attached, and a token that ends with its visit; null = none is.</summary>
    public (int Minor, CancellationToken Visit)? Attached
    {
        get
        {
            lock (_lock)
            {
                return _attached is null ? null : (_minor, _visit.Token);
            }
        }
    }

    public void Came(object connection, int minor)
    {
        lock (_lock)
        {
            End();
            (_attached, _minor) = (connection, minor);
        }
    }

    /// <summary>One that was displaced by another before says nothing new.</summary>
    public void Left(object connection)
    {
        lock (_lock)
        {
            if (_attached == connection)
            {
                End();
                (_attached, _leftAt) = (null, time.GetTimestamp());
            }
        }
    }

    /// <summary>Ends once <see cref="IsAlone"/>.</summary>
    public async Task AloneAsync(CancellationToken cancellation)
    {
        while (!IsAlone)
        {
            await Task.Delay(Look, time, cancellation);
        }
    }

    public void Dispose() => _visit.Dispose();

    private void End()
    {
        _visit.Cancel();
        _visit.Dispose();
        _visit = new CancellationTokenSource();
    }
}
