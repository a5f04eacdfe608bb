using Npgsql;

namespace Orchestrator.Engine.Store;

/// <summary>Tokens of the API. When one expires is judged by the database's clock, as everything is that servers must agree on.</summary>
public sealed class TokenStore(NpgsqlDataSource source)
{
    private const string Columns =
        """
        id, hash, name, role, is_link as islink, created_at as createdat, created_by as createdby, expires_at as expiresat,
        coalesce(expires_at <= clock_timestamp(), false) as isexpired, revoked_at as revokedat, revoked_by as revokedby
        """;

    private const string IsLive = "revoked_at is null and (expires_at is null or expires_at > clock_timestamp())";

    /// <returns>Null = a token that still opens something has the name.</returns>
    public async Task<TokenRow?> CreateAsync(NewToken token, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(token);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Of two that take a name at once, one gets it.
        await transaction.ExecuteAsync("lock table orchestrator.tokens in share row exclusive mode", null, cancellation);
        // Whoever comes with one of these is told for that long why it opens nothing any more.
        await transaction.ExecuteAsync("delete from orchestrator.tokens where least(revoked_at, expires_at) < clock_timestamp() - interval '90 days'", null, cancellation);
        var row = await transaction.FirstAsync<TokenRow>(
            $"""
            insert into orchestrator.tokens (id, hash, name, role, is_link, created_by, expires_at)
            select @Id, @Hash, @Name, @Role, @IsLink, @By, clock_timestamp() + make_interval(secs => @Seconds)
            where not exists (select from orchestrator.tokens where name = @Name and {IsLive})
            returning {Columns}
            """,
            new { token.Id, token.Hash, token.Name, token.Role, token.IsLink, By = Sql.Clean(token.CreatedBy, 300), Seconds = token.Lifetime?.TotalSeconds },
            cancellation);
        await transaction.CommitAsync(cancellation);
        return row;
    }

    /// <summary>Null = there is none of that id. One that is over is found too.</summary>
    public Task<TokenRow?> FindAsync(string id, CancellationToken cancellation) =>
        source.FirstAsync<TokenRow>($"select {Columns} from orchestrator.tokens where id = @id", new { id }, cancellation);

    /// <param name="all">Also those that are over.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<IReadOnlyList<TokenRow>> ListAsync(bool all, CancellationToken cancellation) =>
        await source.ListAsync<TokenRow>($"select {Columns} from orchestrator.tokens where @all or ({IsLive}) order by created_at, id", new { all }, cancellation);

    /// <summary>Ends one that still opens something.</summary>
    /// <returns>Null = there is none of that name or id.</returns>
    public Task<TokenRow?> RevokeAsync(string nameOrId, string by, CancellationToken cancellation) =>
        source.FirstAsync<TokenRow>(
            $"""
            update orchestrator.tokens set revoked_at = clock_timestamp(), revoked_by = @by
            where (name = @nameOrId or id = @nameOrId) and {IsLive}
            returning {Columns}
            """,
            new { nameOrId, by = Sql.Clean(by, 300) },
            cancellation);
}
