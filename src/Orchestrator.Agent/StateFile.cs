using System.Collections.Immutable;

namespace Orchestrator.Agent;

/// <summary>Keeps <see cref="AgentState"/> on disk; every change is durable before it is acted on.</summary>
internal sealed class StateFile
{
    private readonly Lock _lock = new();
    private readonly string _path;

    public StateFile(string path)
    {
        _path = path;
        Current = JsonFile.Read(path, AgentJson.Default.AgentState) ?? new AgentState();
    }

    public AgentState Current { get; private set; }

    public AgentState Change(Func<AgentState, AgentState> change)
    {
        lock (_lock)
        {
            var next = change(Current);
            if (next.Order is { Secrets.Count: > 0 } order)
            {
                next = next with { Order = order with { Secrets = ImmutableSortedDictionary<string, string>.Empty } };
            }

            JsonFile.Write(_path, next, AgentJson.Default.AgentState);
            Current = next;
            return next;
        }
    }
}
