namespace Orchestrator.Providers.SshHost;

/// <summary>A machine's state for a person.</summary>
/// <param name="Machine">As configured.</param>
/// <param name="Inventory">What it has; null = not known yet.</param>
/// <param name="InventoryAge">How old that is.</param>
/// <param name="Used">Slots in use when it last answered.</param>
/// <param name="Slots">Slots it has.</param>
/// <param name="Trouble">What is wrong; null = nothing.</param>
public sealed record MachineView(SshMachine Machine, MachineInventory? Inventory, TimeSpan? InventoryAge, int Used, int Slots, string? Trouble)
{
    /// <summary>What its line reached; null = not known.</summary>
    public MachineLine? Line { get; init; }
}
