namespace Orchestrator.Emulators;

/// <summary>What stands behind the virtual machines of an emulated API. Asked, never waited for: it works in the background.</summary>
public interface IMachineBackend
{
    void Start(string id, MachineOrder order);

    /// <summary>The machine ends, and with it whatever runs on it.</summary>
    void Destroy(string id);

    /// <summary>It is there and does nothing, not even answer; or goes on.</summary>
    void Freeze(string id, bool frozen)
    {
    }

    /// <summary>Where its port 22 answers; null = not up.</summary>
    string? Address(string id);
}
