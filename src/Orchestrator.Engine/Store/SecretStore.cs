using Npgsql;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store.Views;

namespace Orchestrator.Engine.Store;

/// <summary>Sealed secrets. Nothing here can open one: sealing is <c>Security.SecretBox</c>'s.</summary>
public sealed partial class SecretStore(NpgsqlDataSource source)
{
    /// <param name="name">The secret.</param>
    /// <param name="seal">Seals its value, with the newest key. Called while no rotation can begin to seal: what it saw of the keys still holds when the row is there.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task SetAsync(string name, Func<(string Ciphertext, string KeyId)> seal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(seal);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await transaction.ExecuteAsync("lock table orchestrator.secrets in row exclusive mode", null, cancellation);
        var (ciphertext, keyId) = seal();
        await transaction.ExecuteAsync(
            $"""
            delete from orchestrator.former_secrets former where not exists
                (select from orchestrator.jobs job where job.ended_at is null and job.submitted_at < former.replaced_at and {Names("job", "former.name")});
            insert into orchestrator.former_secrets (name, ciphertext, key_id)
                select secret.name, secret.ciphertext, secret.key_id from orchestrator.secrets secret
                where secret.name = @name and exists (select from orchestrator.jobs job where job.ended_at is null and {Names("job", "secret.name")})
                on conflict do nothing
            """,
            new { name },
            cancellation);
        await transaction.ExecuteAsync(
            """
            insert into orchestrator.secrets (name, ciphertext, key_id) values (@name, @ciphertext, @keyId)
            on conflict (name) do update set ciphertext = excluded.ciphertext, key_id = excluded.key_id, updated_at = now()
            """,
            new { name, ciphertext, keyId },
            cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Null = there is no secret of that name.</summary>
    public Task<SealedSecret?> FindAsync(string name, CancellationToken cancellation) =>
        source.FirstAsync<SealedSecret>(Select + " where name = @name", new { name }, cancellation);

    /// <summary>What it was before, while a job lives that may have been started with it; newest first.</summary>
    public async Task<IReadOnlyList<SealedSecret>> FormerAsync(string name, CancellationToken cancellation) =>
        await source.ListAsync<SealedSecret>(SelectFormer + " where name = @name order by replaced_at desc, ciphertext", new { name }, cancellation);

    /// <summary>All, by name.</summary>
    public async Task<IReadOnlyList<SealedSecret>> ListAsync(CancellationToken cancellation) =>
        await source.ListAsync<SealedSecret>(Select + " order by name", null, cancellation);

    /// <summary>Forgets a secret that no live job names. A submit that comes at the very same moment finds out when its trainer is to start.</summary>
    public async Task<SecretRemoval> RemoveAsync(string name, CancellationToken cancellation)
    {
        var needed = await source.ListAsync<string>(
            $"select name || '#' || id from orchestrator.jobs job where ended_at is null and {Names("job", "@name")} order by id",
            new { name },
            cancellation);
        return needed.Count > 0
            ? new SecretRemoval(false, [.. needed])
            : new SecretRemoval(await source.ExecuteAsync("delete from orchestrator.secrets where name = @name", new { name }, cancellation) > 0, []);
    }

    /// <summary>
    /// Seals every secret anew that is under another key, all or none: after a crash they are all under one. <paramref name="reseal"/>
    /// gets a stored secret and returns its new ciphertext.
    /// </summary>
    /// <returns>How many secrets there are.</returns>
    public async Task<int> RotateAsync(string newKeyId, Func<SealedSecret, string> reseal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reseal);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // A secret that is set meanwhile waits, and is then sealed with the key that is newest by then.
        await transaction.ExecuteAsync("lock table orchestrator.secrets in exclusive mode", null, cancellation);
        var secrets = await transaction.ListAsync<SealedSecret>(Select, null, cancellation);
        foreach (var secret in secrets.Where(secret => secret.KeyId != newKeyId))
        {
            // Its value is as old as before.
            await transaction.ExecuteAsync(
                "update orchestrator.secrets set ciphertext = @ciphertext, key_id = @newKeyId where name = @Name",
                new { secret.Name, ciphertext = reseal(secret), newKeyId },
                cancellation);
        }

        foreach (var former in await transaction.ListAsync<SealedSecret>(SelectFormer, null, cancellation))
        {
            await ResealFormerAsync(transaction, former, newKeyId, reseal, cancellation);
        }

        await ResealReachAsync(transaction, newKeyId, reseal, cancellation);
        await transaction.ExecuteAsync("update orchestrator.installation set key_id = @newKeyId", new { newKeyId }, cancellation);
        await transaction.CommitAsync(cancellation);
        return secrets.Count;
    }

    /// <summary>One that does not open any more masks nothing: it goes, and holds up no rotation.</summary>
    private static async Task ResealFormerAsync(
        NpgsqlTransaction transaction, SealedSecret former, string newKeyId, Func<SealedSecret, string> reseal, CancellationToken cancellation)
    {
        string? ciphertext = null;
        try
        {
            ciphertext = former.KeyId == newKeyId ? former.Ciphertext : reseal(former);
        }
        catch (SecretsKeyException)
        {
        }

        await transaction.ExecuteAsync(
            ciphertext is null
                ? "delete from orchestrator.former_secrets where name = @Name and ciphertext = @Ciphertext"
                : "update orchestrator.former_secrets set ciphertext = @ciphertext, key_id = @newKeyId where name = @Name and ciphertext = @Ciphertext",
            new { former.Name, former.Ciphertext, ciphertext, newKeyId },
            cancellation);
    }

    /// <summary>SQL: the job's spec names the secret.</summary>
    private static string Names(string job, string name) =>
        $"({job}.spec #>> '{{spec,registry-auth,password-secret}}' = {name} or exists (select from json_each_text({job}.spec #> '{{spec,secrets}}') one where one.value = {name}))";

    private const string SelectFormer = "select name, ciphertext, key_id as keyid, replaced_at as updatedat from orchestrator.former_secrets";

    private const string Select = "select name, ciphertext, key_id as keyid, updated_at as updatedat from orchestrator.secrets";
}
