using Npgsql;
using Orchestrator.Engine.Observing;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Store;

/// <summary>In which times providers said that they do not bill all of an instance.</summary>
public sealed class SparedStore(NpgsqlDataSource source)
{
    /// <summary>Notes what one list says. Every server's lists are noted, in whatever order they come.</summary>
    public async Task NoteAsync(string provider, Listing listing, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(listing);
        await NoteBeginningsAsync(provider, listing, cancellation);
        if (listing.Instances.Count == 0 || (listing.Instances.All(one => one.Billed == BilledParts.All) && !await AnyOpenAsync(provider, listing, cancellation)))
        {
            return;
        }

        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await transaction.ExecuteAsync("select pg_advisory_xact_lock(hashtext('orchestrator.spared ' || @provider))", new { provider }, cancellation);
        var newest = (await transaction.ListAsync<SpanRow>(
            $"{Select} where provider = @provider and instance_id = any(@ids) order by from_at", new { provider, ids = Ids(listing) }, cancellation))
            .GroupBy(row => row.Instance, StringComparer.Ordinal).ToDictionary(of => of.Key, of => of.Last().Span, StringComparer.Ordinal);
        foreach (var instance in listing.Instances)
        {
            var id = Sql.Clean(instance.InstanceId);
            var before = newest.GetValueOrDefault(id);
            var (after, begun) = SparedSpan.Seen(before, listing.AskedAt, instance.Billed);
            foreach (var span in new[] { after == before ? null : after, begun }.OfType<SparedSpan>())
            {
                await transaction.ExecuteAsync(
                    """
                    insert into orchestrator.spared (provider, instance_id, from_at, until_at, billed, over_at) values (@provider, @id, @From, @Until, @billed, @OverAt)
                    on conflict (instance_id, provider, from_at) do update set until_at = excluded.until_at, over_at = excluded.over_at
                    """,
                    new { provider, id, span.From, span.Until, billed = span.Billed.ToString(), span.OverAt },
                    cancellation);
            }
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Kept as it was first told: what comes later is of a restart.</summary>
    private async Task NoteBeginningsAsync(string provider, Listing listing, CancellationToken cancellation)
    {
        var begun = listing.Instances.Where(one => one.BilledFrom is not null).ToList();
        if (begun.Count > 0)
        {
            await source.ExecuteAsync(
                """
                update orchestrator.instances i set billed_from = told.at
                from unnest(@ids::text[], @times::timestamptz[]) as told (id, at)
                where i.provider = @provider and i.instance_id = told.id and i.billed_from is null
                """,
                new { provider, ids = begun.Select(one => Sql.Clean(one.InstanceId)).ToArray(), times = begun.Select(one => one.BilledFrom!.Value.ToUniversalTime()).ToArray() },
                cancellation);
        }
    }

    private const string Select = "select provider, instance_id as instance, from_at as fromat, until_at as untilat, billed, over_at as overat from orchestrator.spared";

    /// <summary>Of these instances, oldest first.</summary>
    internal static async Task<ILookup<(string Provider, string Instance), SparedSpan>> OfAsync(NpgsqlDataSource source, string[] instances, CancellationToken cancellation) =>
        (await source.ListAsync<SpanRow>($"{Select} where instance_id = any(@instances) order by from_at", new { instances }, cancellation))
        .ToLookup(row => (row.Provider, row.Instance), row => row.Span);

    private async Task<bool> AnyOpenAsync(string provider, Listing listing, CancellationToken cancellation) =>
        await source.FirstAsync<bool>(
            "select exists (select from orchestrator.spared where provider = @provider and instance_id = any(@ids) and over_at is null)", new { provider, ids = Ids(listing) }, cancellation);

    private static string[] Ids(Listing listing) => [.. listing.Instances.Select(instance => Sql.Clean(instance.InstanceId))];

    private sealed record SpanRow
    {
        public string Provider { get; init; } = "";

        public string Instance { get; init; } = "";

        public DateTimeOffset FromAt { get; init; }

        public DateTimeOffset UntilAt { get; init; }

        public string Billed { get; init; } = "";

        public DateTimeOffset? OverAt { get; init; }

        public SparedSpan Span => new(FromAt, UntilAt, Enum.TryParse<BilledParts>(Billed, out var parts) ? parts : BilledParts.All, OverAt);
    }
}
