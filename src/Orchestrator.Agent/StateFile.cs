using System.Collections.Immutable;

namespace Orchestrator.Agent;

/// <summary>Keeps <see cref="AgentState"/> on disk.</summary>
internal sealed class StateFile
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private bool _behind;

    public StateFile(string path)
    {
        _path = path;
        Current = JsonFile.Read(path, AgentJson.Default.AgentState) ?? new AgentState();
    }

    public AgentState Current { get; private set; }

    /// <summary>The change is durable before it is acted on.</summary>
    /// <exception cref="IOException">It cannot be made durable, and is not made at all.</exception>
    public AgentState Change(Func<AgentState, AgentState> change)
    {
        lock (_lock)
        {
            var next = WithoutSecrets(change(Current));
            Write(next);
            Current = next;
            return next;
        }
    }

    /// <summary>For what must be acted on whatever the disk says: valid at once, durable as soon as there is room (<see cref="CatchUp"/>).</summary>
    public void Note(Func<AgentState, AgentState> change)
    {
        lock (_lock)
        {
            Current = WithoutSecrets(change(Current));
            _behind = true;
        }

        CatchUp();
    }

    /// <summary>Writes what could not be written before.</summary>
    public void CatchUp()
    {
        lock (_lock)
        {
            try
            {
                if (_behind)
                {
                    Write(Current);
                }
            }
            catch (IOException e) when (DiskFull.IsSaidBy(e))
            {
                // Told by HostTrouble; tried again in a moment.
            }
        }
    }

    private void Write(AgentState next)
    {
        JsonFile.Write(_path, next, AgentJson.Default.AgentState);
        _behind = false;
    }

    private static AgentState WithoutSecrets(AgentState state) => state.Order is { Secrets.Count: > 0 } order
        ? state with { Order = order with { Secrets = ImmutableSortedDictionary<string, string>.Empty } }
        : state;
}
