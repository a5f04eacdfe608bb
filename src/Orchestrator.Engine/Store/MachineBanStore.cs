using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;

namespace Orchestrator.Engine.Store;

/// <summary>Bans of machines that a person spoke; those of the configuration are not here.</summary>
public sealed class MachineBanStore(NpgsqlDataSource source) : IMachineBans
{
    private const int LongestReason = 300;

    public async Task<ImmutableSortedDictionary<string, MachineBan>> ListAsync(CancellationToken cancellation)
    {
        try
        {
            var bans = await source.ListAsync<MachineBan>("select machine, reason, by, at from orchestrator.machine_bans", null, cancellation);
            return bans.ToImmutableSortedDictionary(ban => ban.Machine, ban => ban, StringComparer.Ordinal);
        }
        catch (NpgsqlException away)
        {
            throw new ProviderException(ProviderErrorKind.Transient, $"whether machines are banned cannot be read from the database: {away.Message}", away);
        }
    }

    /// <summary>Said again, the newer reason counts.</summary>
    public Task BanAsync(string machine, string? reason, string by, CancellationToken cancellation) => source.ExecuteAsync(
        """
        insert into orchestrator.machine_bans (machine, reason, by) values (@machine, @reason, @by)
        on conflict (machine) do update set reason = excluded.reason, by = excluded.by, at = now()
        """,
        new { machine, reason = string.IsNullOrWhiteSpace(reason) ? null : Sql.Clean(reason, LongestReason), by = Sql.Clean(by, LongestReason) },
        cancellation);

    /// <returns>False = it was not banned.</returns>
    public async Task<bool> UnbanAsync(string machine, CancellationToken cancellation) =>
        await source.ExecuteAsync("delete from orchestrator.machine_bans where machine = @machine", new { machine }, cancellation) > 0;
}
