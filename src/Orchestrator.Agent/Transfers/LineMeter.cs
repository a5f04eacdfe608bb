using Orchestrator.Protocol;

namespace Orchestrator.Agent.Transfers;

/// <summary>Counts what goes over the line one way, and the time in which at least one transfer was under way: those side by side share it.</summary>
internal sealed class LineMeter(TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _running;
    private long _since;
    private LineUse _ended = new(0, TimeSpan.Zero);

    public LineUse Total
    {
        get
        {
            lock (_gate)
            {
                return _running > 0 ? _ended with { Time = _ended.Time + time.GetElapsedTime(_since) } : _ended;
            }
        }
    }

    public void Add(long bytes)
    {
        lock (_gate)
        {
            _ended = _ended with { Bytes = _ended.Bytes + bytes };
        }
    }

    public async Task<T> DuringAsync<T>(Func<Task<T>> transfer)
    {
        lock (_gate)
        {
            if (_running++ == 0)
            {
                _since = time.GetTimestamp();
            }
        }

        try
        {
            return await transfer();
        }
        finally
        {
            lock (_gate)
            {
                if (--_running == 0)
                {
                    _ended = _ended with { Time = _ended.Time + time.GetElapsedTime(_since) };
                }
            }
        }
    }
}
