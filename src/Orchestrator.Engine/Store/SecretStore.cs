using Npgsql;
using Orchestrator.Engine.Store.Views;

namespace Orchestrator.Engine.Store;

/// <summary>Sealed secrets. Nothing here can open one: sealing is <c>Security.SecretBox</c>'s.</summary>
public sealed class SecretStore(NpgsqlDataSource source)
{
    public async Task SetAsync(string name, string ciphertext, string keyId, CancellationToken cancellation) =>
        await source.ExecuteAsync(
            """
            insert into orchestrator.secrets (name, ciphertext, key_id) values (@name, @ciphertext, @keyId)
            on conflict (name) do update set ciphertext = excluded.ciphertext, key_id = excluded.key_id, updated_at = now()
            """,
            new { name, ciphertext, keyId },
            cancellation);

    /// <summary>Null = there is no secret of that name.</summary>
    public Task<SealedSecret?> FindAsync(string name, CancellationToken cancellation) =>
        source.FirstAsync<SealedSecret>(Select + " where name = @name", new { name }, cancellation);

    /// <summary>All, by name.</summary>
    public async Task<IReadOnlyList<SealedSecret>> ListAsync(CancellationToken cancellation) =>
        await source.ListAsync<SealedSecret>(Select + " order by name", null, cancellation);

    /// <summary>Forgets a secret that no live job names. A submit that comes at the very same moment finds out when its trainer is to start.</summary>
    public async Task<SecretRemoval> RemoveAsync(string name, CancellationToken cancellation)
    {
        var needed = await source.ListAsync<string>(
            """
            select name || '#' || id from orchestrator.jobs
            where ended_at is null and (spec #>> '{spec,registry-auth,password-secret}' = @name
              or exists (select from json_each_text(spec #> '{spec,secrets}') secret where secret.value = @name))
            order by id
            """,
            new { name },
            cancellation);
        return needed.Count > 0
            ? new SecretRemoval(false, [.. needed])
            : new SecretRemoval(await source.ExecuteAsync("delete from orchestrator.secrets where name = @name", new { name }, cancellation) > 0, []);
    }

    /// <summary>
    /// Seals every secret anew, all or none: after a crash they are all under one key. <paramref name="reseal"/> gets a stored
    /// secret and returns its new ciphertext.
    /// </summary>
    public async Task RotateAsync(string newKeyId, Func<SealedSecret, string> reseal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reseal);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // A secret that is set meanwhile waits, and is then sealed by whoever sets it.
        await transaction.ExecuteAsync("lock table orchestrator.secrets in exclusive mode", null, cancellation);
        foreach (var secret in await transaction.ListAsync<SealedSecret>(Select, null, cancellation))
        {
            await transaction.ExecuteAsync(
                "update orchestrator.secrets set ciphertext = @ciphertext, key_id = @newKeyId, updated_at = now() where name = @Name",
                new { secret.Name, ciphertext = reseal(secret), newKeyId },
                cancellation);
        }

        await transaction.ExecuteAsync("update orchestrator.installation set key_id = @newKeyId", new { newKeyId }, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private const string Select = "select name, ciphertext, key_id as keyid, updated_at as updatedat from orchestrator.secrets";
}
