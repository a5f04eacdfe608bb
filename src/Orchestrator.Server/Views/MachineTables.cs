using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>The table of <c>machine list</c>.</summary>
public static class MachineTables
{
    public static IEnumerable<string> List(IReadOnlyList<MachineState> machines, int width, Paint paint)
    {
        var table = new TextTable(new("MACHINE", 6), new("ADDRESS", 8, CanGo: true), new("HAS", 8, CanGo: true), new("Mbps DOWN/UP", 12, CanGo: true), new("SLOTS", 5, IsRight: true), new("$/h", 5, IsRight: true), new("STATE", 12));
        foreach (var machine in machines)
        {
            table.Add(
                [
                    machine.Name, machine.Address, machine.Has ?? "-", Line(machine), machine.Slots > 0 ? string.Create(CultureInfo.InvariantCulture, $"{machine.SlotsUsed}/{machine.Slots}") : "-",
                    machine.PricePerHour.ToString("0.000", CultureInfo.InvariantCulture), machine.Why is { } why ? $"{machine.State}: {why}" : machine.State,
                ],
                (column, cell) => column != 6 ? cell : machine.State switch { "ready" => paint.Good(cell), "trouble" => paint.Bad(cell), "banned" => paint.Warn(cell), _ => cell });
        }

        return machines.Count == 0 ? ["no machines besides this one. Try one: orchestrator machine add NAME --address HOST --user USER"] : table.Lines(width, paint);
    }

    private static string Line(MachineState machine) => machine is { DownMbps: null, UpMbps: null } ? "-" : $"{Say.Mbps(machine.DownMbps)}/{Say.Mbps(machine.UpMbps)}";
}
