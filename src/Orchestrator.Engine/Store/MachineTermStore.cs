using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Orchestrator.Providers.SshHost;

namespace Orchestrator.Engine.Store;

/// <summary>
/// What the servers read of machines' terms. The newest configuration file counts: an older server would else drain what the owner has
/// just given more time, and each look of either would be an event. Where nobody has said the newest for a while, its server is gone
/// and the others' count again.
/// </summary>
/// <param name="source">The database.</param>
/// <param name="asOf">When this server's configuration file was written.</param>
public sealed class MachineTermStore(NpgsqlDataSource source, DateTimeOffset asOf) : IMachineTerms
{
    /// <summary>Longer than a restart takes.</summary>
    private static readonly TimeSpan _unsaid = TimeSpan.FromMinutes(10);

    public async Task<ImmutableHashSet<string>> SettledAsync(IReadOnlyList<SshMachine> machines, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(machines);
        try
        {
            var settled = await source.ListAsync<string>(
                """
                insert into orchestrator.machine_terms as t (machine, term, as_of, said_at)
                select machine, term, @asOf, clock_timestamp() from unnest(@names::text[], @terms::text[]) as read (machine, term) order by machine
                on conflict (machine) do update set
                    term = excluded.term, said_at = excluded.said_at,
                    as_of = case when t.term = excluded.term then greatest(t.as_of, excluded.as_of) else excluded.as_of end
                where t.term = excluded.term or t.as_of < excluded.as_of or t.said_at < excluded.said_at - make_interval(secs => @seconds)
                returning machine
                """,
                new { names = machines.Select(machine => machine.Name).ToArray(), terms = machines.Select(TermOf).ToArray(), asOf, seconds = _unsaid.TotalSeconds },
                cancellation);
            return [.. settled];
        }
        catch (NpgsqlException)
        {
            // The list itself needs no database, and what was said last still holds.
            return [];
        }
    }

    private static string TermOf(SshMachine machine) => string.Create(
        CultureInfo.InvariantCulture, $"{machine.Expires?.UtcDateTime:O} {(machine.Hours is { } hours ? $"{hours.Window.Start:O}-{hours.Window.End:O} {hours.Zone.Id}" : "")}");
}
