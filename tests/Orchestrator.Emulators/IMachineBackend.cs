namespace Orchestrator.Emulators;

/// <summary>What stands behind the virtual machines of an emulated API. Asked, never waited for: it works in the background.</summary>
public interface IMachineBackend
{
    void Start(string id, MachineOrder order);

    /// <summary>The machine ends, and with it whatever runs on it.</summary>
    void Destroy(string id);

    /// <summary>Where its port 22 answers; null = not up.</summary>
    string? Address(string id);
}
