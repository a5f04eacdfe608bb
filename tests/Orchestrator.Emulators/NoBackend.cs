namespace Orchestrator.Emulators;

/// <summary>Instances with a state and nothing behind it: up at once, with ports where nobody listens.</summary>
public sealed class NoBackend : IInstanceBackend
{
    private readonly Dictionary<string, Dictionary<int, int>> _up = [];
    private int _next = 41022;

    /// <summary>Everything that was started and not destroyed.</summary>
    public IReadOnlyCollection<string> Kept => _up.Keys;

    /// <summary>The last order of each instance.</summary>
    public Dictionary<string, ContainerOrder> Orders { get; } = [];

    /// <summary>What each instance is said to have moved; of one that is not here, nothing.</summary>
    public Dictionary<string, HostTraffic> Traffic { get; } = [];

    public void Start(string id, ContainerOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        Orders[id] = order;
        _up[id] = order.Ports.ToDictionary(inside => inside, _ => _next++);
    }

    public void Stop(string id) => _up.Remove(id);

    public void Destroy(string id) => _up.Remove(id);

    public IReadOnlyDictionary<int, int>? Ports(string id) => _up.GetValueOrDefault(id);

    public HostTraffic Moved(string id) => Traffic.GetValueOrDefault(id, HostTraffic.None);
}
