using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;

namespace Orchestrator.Engine.Store;

/// <summary>Bans of hosts, spoken by a person or by us; those of the configuration are not here. Hosts are called as offers call them.</summary>
public sealed class HostBanStore(NpgsqlDataSource source) : IMachineBans
{
    private const int LongestReason = 300;

    /// <summary>Those in force, by host.</summary>
    public async Task<ImmutableArray<HostBan>> ListAsync(CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<HostBan>(
            "select machine as host, reason, by, at, until from orchestrator.machine_bans where until is null or until > clock_timestamp()", null, cancellation))
            .Select(ban => ban with { Host = ban.Host.Contains('/', StringComparison.Ordinal) ? ban.Host : OwnMachines.HostOf(ban.Host) })
            .OrderBy(ban => ban.Host, StringComparer.Ordinal),
    ];

    /// <summary>As the planner takes them.</summary>
    public async Task<ImmutableArray<BannedHost>> ForPlansAsync(CancellationToken cancellation) =>
        [.. (await ListAsync(cancellation)).Select(ban => new BannedHost(ban.Host, $"banned by {ban.By}{(ban.Reason is null ? "" : $" ({ban.Reason})")}", ban.Until))];

    async Task<ImmutableSortedDictionary<string, MachineBan>> IMachineBans.ListAsync(CancellationToken cancellation)
    {
        try
        {
            return (await ListAsync(cancellation)).Where(ban => OwnMachines.Has(ban.Host))
                .Select(ban => new MachineBan { Machine = OwnMachines.MachineOf(ban.Host)!, Reason = ban.Reason, By = ban.By, At = ban.At })
                .ToImmutableSortedDictionary(ban => ban.Machine, ban => ban, StringComparer.Ordinal);
        }
        catch (NpgsqlException away)
        {
            throw new ProviderException(ProviderErrorKind.Transient, $"whether machines are banned cannot be read from the database: {away.Message}", away);
        }
    }

    /// <summary>Said again, the newer reason and end count.</summary>
    /// <param name="host">As offers name it.</param>
    /// <param name="reason">For other people; null = none was given.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="length">Null = until it is pardoned.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task BanAsync(string host, string? reason, string by, TimeSpan? length, CancellationToken cancellation) => source.ExecuteAsync(
        """
        insert into orchestrator.machine_bans (machine, reason, by, until) values (@host, @reason, @by, clock_timestamp() + make_interval(secs => @seconds))
        on conflict (machine) do update set reason = excluded.reason, by = excluded.by, at = now(), until = excluded.until
        """,
        new { host = Stored(host), reason = Reason(reason), by = Sql.Clean(by, LongestReason), seconds = length?.TotalSeconds },
        cancellation);

    /// <summary>A ban of our own: it replaces none that is in force.</summary>
    /// <returns>False = there is one already.</returns>
    public async Task<bool> BanUntilAsync(string host, string reason, string by, DateTimeOffset until, CancellationToken cancellation) => await source.ExecuteAsync(
        """
        insert into orchestrator.machine_bans as b (machine, reason, by, until) values (@host, @reason, @by, @until)
        on conflict (machine) do update set reason = excluded.reason, by = excluded.by, at = now(), until = excluded.until
        where b.until <= clock_timestamp()
        """,
        new { host = Stored(host), reason = Reason(reason), by, until },
        cancellation) > 0;

    /// <summary>Ends a ban; what happened before now is no reason for another.</summary>
    /// <returns>False = it was not banned.</returns>
    public async Task<bool> PardonAsync(string host, string by, CancellationToken cancellation) =>
        await source.FirstAsync<long>(
            """
            with ended as (
                delete from orchestrator.machine_bans where machine = @stored returning until),
            lifted as (
                select 1 from ended where until is null or until > clock_timestamp()),
            noted as (
                insert into orchestrator.host_pardons (host, by, at) select @host, @by, clock_timestamp() from lifted
                on conflict (host) do update set by = excluded.by, at = excluded.at)
            select count(*) from lifted
            """,
            new { stored = Stored(host), host, by = Sql.Clean(by, LongestReason) },
            cancellation) > 0;

    /// <summary>When which host was pardoned last.</summary>
    public async Task<ImmutableSortedDictionary<string, DateTimeOffset>> PardonsAsync(CancellationToken cancellation) =>
        (await source.ListAsync<PardonRow>("select host, at from orchestrator.host_pardons", null, cancellation))
            .ToImmutableSortedDictionary(row => row.Host, row => row.At, StringComparer.Ordinal);

    /// <summary>Own machines are stored under their bare names.</summary>
    private static string Stored(string host) => OwnMachines.MachineOf(host) ?? host;

    private static string? Reason(string? reason) => string.IsNullOrWhiteSpace(reason) ? null : Sql.Clean(reason, LongestReason);

    private sealed record PardonRow
    {
        public string Host { get; init; } = "";

        public DateTimeOffset At { get; init; }
    }
}
