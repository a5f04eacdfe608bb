using Orchestrator.Providers.SshHost;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>One machine as <c>machine list</c> shows it.</summary>
internal static class MachineStates
{
    internal static MachineState Of(MachineView view, MachineBan? ban, DateTimeOffset now)
    {
        var machine = view.Machine;
        var (state, why) = true switch
        {
            _ when machine.Gone => ("gone", null),
            _ when ban is not null => ("banned", ban.Reason),
            _ when machine.Banned => ("banned", "in orchestrator.yaml"),
            _ when machine.Expires <= now => ("expired", null),
            _ when view.Trouble is not null => ("trouble", view.Trouble),
            _ when machine.Hours is { } hours && hours.OpenUntil(now) is null => ("closed", $"not used outside {hours.Window}"),
            _ => (view.Inventory is null ? "unknown" : "ready", (string?)null),
        };
        var has = view.Inventory is { } inventory
            ? inventory.Gpus.IsEmpty ? $"{inventory.Cpus} CPUs" : $"{inventory.Gpus.Length} x {inventory.Gpus[0]}, {inventory.Cpus} CPUs"
            : null;
        return new(machine.Name, $"{machine.Address.User}@{machine.Address.Host}:{machine.Address.Port}", has, view.Used, view.Slots, machine.PricePerHour.Dollars, state, why)
        {
            DownMbps = view.Line?.DownMbps, UpMbps = view.Line?.UpMbps,
        };
    }
}
