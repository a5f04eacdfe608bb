namespace Orchestrator.Emulators;

/// <summary>What stands behind the instances of an emulated API. Asked, never waited for: it works in the background.</summary>
public interface IInstanceBackend
{
    void Start(string id, ContainerOrder order);

    void Stop(string id);

    void Destroy(string id);

    /// <summary>It is there and does nothing, not even answer; or goes on.</summary>
    void Freeze(string id, bool frozen)
    {
    }

    /// <summary>Null = not up; else the port outside of each port inside.</summary>
    IReadOnlyDictionary<int, int>? Ports(string id);

    /// <summary>All that it has moved: sums that no stop or start sets back, and that stay when it is destroyed.</summary>
    HostTraffic Moved(string id);
}
