using System.Collections.Immutable;
using Npgsql;

namespace Orchestrator.Engine.Store;

/// <summary>The accounts that are rented with: whose they are, and what was last heard of them by any server.</summary>
public sealed class AccountStore(NpgsqlDataSource source)
{
    /// <summary>Something of ours may be there: then the account must not become another one.</summary>
    private const string IsInUse =
        """
        select exists (select from orchestrator.attempts where provider = @provider and launch_sent_at is not null and ended_at is null)
            or exists (select from orchestrator.orphans where provider = @provider)
        """;

    /// <summary>What would be on nobody's books if the account became another one: attempts that live there, and orphans.</summary>
    private const string Living =
        """
        select coalesce(listed_as, label) as label, price_micros as pricemicros from orchestrator.attempts where provider = @provider and launch_sent_at is not null and ended_at is null
        union all
        select label, 0 from orchestrator.orphans where provider = @provider
        order by 1
        """;

    /// <summary>Whose it is; waits for whoever is about to change that, so that no launch falls in between.</summary>
    public Task<AccountRow?> FindAsync(string provider, CancellationToken cancellation) =>
        source.FirstAsync<AccountRow>("select provider, endpoint, key_hash as keyhash, marks from orchestrator.accounts where provider = @provider for share", new { provider }, cancellation);

    /// <summary>Writes down that this key at this endpoint is the account's, if it may be.</summary>
    /// <returns>Null = it is; else the marks of the account that is on the books and stays there.</returns>
    public async Task<string[]?> ClaimAsync(string provider, string endpoint, string keyHash, ImmutableArray<string> marks, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await transaction.ExecuteAsync("insert into orchestrator.accounts (provider) values (@provider) on conflict do nothing", new { provider }, cancellation);
        var row = (await transaction.FirstAsync<AccountRow>("select provider, endpoint, key_hash as keyhash, marks from orchestrator.accounts where provider = @provider for update", new { provider }, cancellation))!;
        var isSame = row.KeyHash is null || (row.Endpoint == endpoint && row.KeyHash == keyHash) || row.Marks.Intersect(marks, StringComparer.Ordinal).Any();
        if (!isSame && await transaction.FirstAsync<bool>(IsInUse, new { provider }, cancellation))
        {
            return row.Marks;
        }

        string[] kept = isSame && marks.IsEmpty ? row.Marks : [.. marks];
        await transaction.ExecuteAsync(
            "update orchestrator.accounts set endpoint = @endpoint, key_hash = @keyHash, marks = @kept where provider = @provider", new { provider, endpoint, keyHash, kept }, cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    /// <summary>
    /// On a person's word: this key at this endpoint is the account's from now on, whosever it was. In one step, so that nobody else's
    /// claim falls between the former owner and the new one.
    /// </summary>
    /// <param name="provider">Whose.</param>
    /// <param name="endpoint">Where its API is.</param>
    /// <param name="keyHash">Of the key.</param>
    /// <param name="marks">What only the new account has; empty = its API does not say.</param>
    /// <param name="gone">A person has looked: what the books show at the former account is not there any more.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What of ours is at the former account by the books, and kept it from becoming another one; empty = it is done.</returns>
    public async Task<IReadOnlyList<LivingInstance>> AcceptAsync(string provider, string endpoint, string keyHash, ImmutableArray<string> marks, bool gone, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        string[] kept = [.. marks];
        await transaction.ExecuteAsync(
            """
            insert into orchestrator.accounts as a (provider, endpoint, key_hash, marks) values (@provider, @endpoint, @keyHash, @kept)
            on conflict (provider) do update set endpoint = excluded.endpoint, key_hash = excluded.key_hash, marks = excluded.marks
            """,
            new { provider, endpoint, keyHash, kept },
            cancellation);
        // The row is held: who sends a create asks for it first, so that what is listed here is all there will be.
        if (!gone && await transaction.ListAsync<LivingInstance>(Living, new { provider }, cancellation) is { Count: > 0 } living)
        {
            return living;
        }

        await transaction.CommitAsync(cancellation);
        return [];
    }

    /// <summary>Labels of attempts that live there, or may.</summary>
    public async Task<IReadOnlySet<string>> LiveLabelsAsync(string provider, CancellationToken cancellation) =>
        (await source.ListAsync<string>(
            "select coalesce(listed_as, label) from orchestrator.attempts where provider = @provider and launch_sent_at is not null and ended_at is null", new { provider }, cancellation)).ToHashSet(StringComparer.Ordinal);

    /// <param name="provider">Whose.</param>
    /// <param name="askedAt">Of a whole list; null = none came.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task ListedAsync(string provider, DateTimeOffset? askedAt, CancellationToken cancellation) =>
        source.ExecuteAsync(
            """
            insert into orchestrator.accounts as a (provider, listed_at) values (@provider, @askedAt)
            on conflict (provider) do update set listed_at = greatest(a.listed_at, excluded.listed_at)
            """,
            new { provider, askedAt },
            cancellation);

    /// <param name="provider">Whose.</param>
    /// <param name="spendable">Null = it does not say.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task SpendableAsync(string provider, Money? spendable, CancellationToken cancellation) =>
        source.ExecuteAsync(
            """
            insert into orchestrator.accounts (provider, spendable_micros, spendable_at) values (@provider, @micros, clock_timestamp())
            on conflict (provider) do update set spendable_micros = excluded.spendable_micros, spendable_at = excluded.spendable_at
            """,
            new { provider, micros = spendable?.MicroDollars },
            cancellation);

    /// <param name="freshFor">What was said of money longer ago counts no more.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<IReadOnlyList<AccountRow>> ListAsync(TimeSpan freshFor, CancellationToken cancellation) =>
        await source.ListAsync<AccountRow>(
            """
            select a.provider, a.endpoint, a.key_hash as keyhash, a.marks,
                extract(epoch from clock_timestamp() - coalesce(a.listed_at, a.watched_since))::double precision as silentseconds,
                case when a.spendable_at > clock_timestamp() - make_interval(secs => @fresh) then a.spendable_micros end as spendablemicros,
                count(t.job_id)::int as running
            from orchestrator.accounts a
            left join orchestrator.attempts t on t.provider = a.provider and t.launch_sent_at is not null and t.ended_at is null
            group by a.provider
            order by a.provider
            """,
            new { fresh = freshFor.TotalSeconds },
            cancellation);
}
