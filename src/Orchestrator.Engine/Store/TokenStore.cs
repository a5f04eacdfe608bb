using Npgsql;
using Orchestrator.Engine.Store.Views;

namespace Orchestrator.Engine.Store;

/// <summary>API tokens, hashed: the tokens themselves are never stored.</summary>
public sealed class TokenStore(NpgsqlDataSource source)
{
    /// <summary>A live token of that name is replaced: it is revoked in the same transaction.</summary>
    public async Task AddAsync(byte[] hash, string role, string name, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await transaction.ExecuteAsync("update orchestrator.tokens set revoked_at = now() where name = @name and revoked_at is null and hash <> @hash", new { name, hash }, cancellation);
        await transaction.ExecuteAsync(
            """
            insert into orchestrator.tokens (hash, role, name) values (@hash, @role, @name)
            on conflict (hash) do update set role = excluded.role, name = excluded.name, revoked_at = null
            """,
            new { hash, role, name },
            cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Null = unknown or revoked.</summary>
    public Task<TokenView?> FindAsync(byte[] hash, CancellationToken cancellation) =>
        source.FirstAsync<TokenView>(Select + " where hash = @hash and revoked_at is null", new { hash }, cancellation);

    public async Task<IReadOnlyList<TokenView>> ListAsync(CancellationToken cancellation) =>
        await source.ListAsync<TokenView>(Select + " order by created_at, name", null, cancellation);

    /// <returns>False where no live token has that name.</returns>
    public async Task<bool> RevokeAsync(string name, CancellationToken cancellation) =>
        await source.ExecuteAsync("update orchestrator.tokens set revoked_at = now() where name = @name and revoked_at is null", new { name }, cancellation) > 0;

    private const string Select = "select role, name, created_at as createdat, revoked_at as revokedat from orchestrator.tokens";
}
