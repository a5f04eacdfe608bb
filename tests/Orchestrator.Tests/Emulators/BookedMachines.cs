using Orchestrator.Emulators;

namespace Orchestrator.Tests.Emulators;

/// <summary>Machines with an address and nothing behind it.</summary>
internal sealed class BookedMachines : IMachineBackend
{
    public Dictionary<string, MachineOrder> Orders { get; } = [];

    public HashSet<string> Frozen { get; } = [];

    public void Start(string id, MachineOrder order) => Orders[id] = order;

    public void Destroy(string id) => Orders.Remove(id);

    public void Freeze(string id, bool frozen) => _ = frozen ? Frozen.Add(id) : Frozen.Remove(id);

    public string? Address(string id) => Orders.ContainsKey(id) ? "198.51.100.20" : null;
}
