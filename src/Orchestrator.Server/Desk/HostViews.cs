using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.Planning.Hosts;
using Orchestrator.Providers.SshHost;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Puts what was seen of hosts beside the bans: of the database, and of orchestrator.yaml.</summary>
internal static class HostViews
{
    internal static ImmutableArray<HostView> Make(ImmutableArray<HostRecord> records, ImmutableArray<HostBan> bans, IEnumerable<SshMachine> machines)
    {
        var known = records.ToDictionary(record => record.Host, StringComparer.Ordinal);
        var banned = bans.ToDictionary(ban => ban.Host, ban => new HostBanView(ban.By, ban.Reason, ban.At, ban.Until), StringComparer.Ordinal);
        foreach (var machine in machines.Where(machine => machine.Banned))
        {
            banned.TryAdd(machine.Host, new HostBanView("orchestrator.yaml", null, null, null));
        }

        return [.. known.Keys.Union(banned.Keys).Order(StringComparer.Ordinal).Select(host => Of(host, known.GetValueOrDefault(host), banned.GetValueOrDefault(host)))];
    }

    private static HostView Of(string host, HostRecord? record, HostBanView? ban) => new()
    {
        Host = host,
        Gpu = record?.Gpu,
        Launches = record?.Launches ?? 0,
        NeverReady = record?.NeverReady ?? 0,
        ReadySeconds = record?.ReadyIn?.TotalSeconds,
        HoursLived = record?.Lived.TotalHours ?? 0,
        Interruptions = record?.Interruptions ?? 0,
        Faults = record?.Faults ?? 0,
        BootShare = record is { Launches: > 0 } ? record.BootShare : null,
        LastSeen = record?.LastSeen,
        Ban = ban,
    };
}
