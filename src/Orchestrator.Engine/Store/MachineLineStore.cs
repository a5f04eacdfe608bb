using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;

namespace Orchestrator.Engine.Store;

/// <summary>The best that attempts of the last weeks reached on each machine: a transfer beside others, or cut off, says less than the line can.</summary>
public sealed class MachineLineStore(NpgsqlDataSource source) : IMachineLines
{
    public async Task<ImmutableSortedDictionary<string, MachineLine>> ListAsync(CancellationToken cancellation)
    {
        try
        {
            var lines = await source.ListAsync<MachineLine>(
                """
                select a.offer ->> 'host' as host, max(c.down_mbps) as DownMbps, max(c.up_mbps) as UpMbps
                from orchestrator.attempts a join orchestrator.channels c on c.job_id = a.job_id and c.attempt = a.attempt
                where a.provider = 'ssh' and a.offer ->> 'host' is not null and a.launch_sent_at > now() - interval '30 days' and (c.down_mbps is not null or c.up_mbps is not null)
                group by a.offer ->> 'host'
                """,
                null,
                cancellation);
            return lines.ToImmutableSortedDictionary(line => line.Host, line => line, StringComparer.Ordinal);
        }
        catch (NpgsqlException away)
        {
            throw new ProviderException(ProviderErrorKind.Transient, $"what the machines' lines reached cannot be read from the database: {away.Message}", away);
        }
    }
}
