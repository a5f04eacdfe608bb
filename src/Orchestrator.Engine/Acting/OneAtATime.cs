using System.Collections.Concurrent;

namespace Orchestrator.Engine.Acting;

/// <summary>
/// Work that may outlast the lease of the tick that began it: the next tick owes it still and must not begin it a second time
/// beside the first, or ever more of them would read the same large checkpoint until no worker is left.
/// </summary>
internal sealed class OneAtATime
{
    private readonly ConcurrentDictionary<string, byte> _running = new(StringComparer.Ordinal);

    /// <returns>False = it is being done already, and nothing was done.</returns>
    public async Task<bool> TryAsync(string what, Func<Task> work)
    {
        if (!_running.TryAdd(what, 0))
        {
            return false;
        }

        try
        {
            await work();
            return true;
        }
        finally
        {
            _running.TryRemove(what, out _);
        }
    }
}
