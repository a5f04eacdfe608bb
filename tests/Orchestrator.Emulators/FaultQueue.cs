namespace Orchestrator.Emulators;

/// <summary>What single calls are to meet. Not for several threads.</summary>
internal sealed class FaultQueue<TFault>
    where TFault : struct, Enum
{
    private readonly List<(string Method, string Path, TFault Fault)> _waiting = [];

    /// <summary>How many no call has met yet.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>The next call of this method, whose path begins so, meets it.</summary>
    public void Add(string method, string path, TFault fault) => _waiting.Add((method, path, fault));

    /// <summary>Each is met once, in the order in which they were added.</summary>
    public TFault? Take(EmulatedRequest request)
    {
        var at = _waiting.FindIndex(one => one.Method == request.Method && request.Path.StartsWith(one.Path, StringComparison.Ordinal));
        if (at < 0)
        {
            return null;
        }

        var fault = _waiting[at].Fault;
        _waiting.RemoveAt(at);
        return fault;
    }
}
