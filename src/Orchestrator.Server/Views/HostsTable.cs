using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>The table of <c>hosts</c>.</summary>
public static class HostsTable
{
    public static IEnumerable<string> Lines(IReadOnlyList<HostView> hosts, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        var table = new TextTable(
            new("HOST", 10), new("CARDS", 6, CanGo: true), new("READY", 5, IsRight: true), new("IN", 5, IsRight: true, CanGo: true), new("LIVED", 5, IsRight: true, CanGo: true),
            new("INTR", 4, IsRight: true), new("FAULTS", 6, IsRight: true), new("BOOTS", 5, IsRight: true, CanGo: true), new("STATE", 14));
        foreach (var host in hosts)
        {
            table.Add(
                [
                    host.Host, host.Gpu ?? "-", host.Launches > 0 ? string.Create(CultureInfo.InvariantCulture, $"{host.Launches - host.NeverReady}/{host.Launches}") : "-",
                    host.ReadySeconds is { } seconds ? Say.For(TimeSpan.FromSeconds(seconds)) : "-", host.HoursLived > 0 ? Say.For(TimeSpan.FromHours(host.HoursLived)) : "-",
                    Say.Count(host.Interruptions), Say.Count(host.Faults), host.BootShare is { } share ? Say.Percent(share) : "-", State(host.Ban, now, zone),
                ],
                (column, cell) => column == 8 && host.Ban is not null ? paint.Warn(cell) : column == 2 && host.NeverReady > 0 ? paint.Warn(cell) : cell);
        }

        return hosts.Count == 0 ? ["nothing is known of any host yet: no job has run"] : table.Lines(width, paint);
    }

    private static string State(HostBanView? ban, DateTimeOffset now, TimeZoneInfo zone) => ban is null
        ? "ok"
        : $"banned by {ban.By}{(ban.Until is { } until ? $" until {Say.When(until, now, zone)}" : "")}{(ban.Reason is { } reason ? $": {reason}" : "")}";
}
