using Npgsql;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store.Views;

namespace Orchestrator.Engine.Store;

/// <summary>The secret that keys of rented instances follow from: beside those of people, where no name of theirs reaches it.</summary>
public sealed partial class SecretStore
{
    private const string SelectReach = "select 'keys of rented instances' as name, ciphertext, key_id as keyid, now() as updatedat from orchestrator.reach_secret";

    /// <summary>Null = nothing was rented yet.</summary>
    public Task<SealedSecret?> FindReachAsync(CancellationToken cancellation) => source.FirstAsync<SealedSecret>(SelectReach, null, cancellation);

    /// <summary>The one there is, or a new one; of several servers that make one at the same time, all get the first.</summary>
    public async Task<SealedSecret> FindOrAddReachAsync(Func<string, (string Ciphertext, string KeyId)> seal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(seal);
        if (await FindReachAsync(cancellation) is { } known)
        {
            return known;
        }

        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // As with any other: no rotation begins to seal in between.
        await transaction.ExecuteAsync("lock table orchestrator.secrets in row exclusive mode", null, cancellation);
        var (ciphertext, keyId) = seal("keys of rented instances");
        await transaction.ExecuteAsync("insert into orchestrator.reach_secret (ciphertext, key_id) values (@ciphertext, @keyId) on conflict do nothing", new { ciphertext, keyId }, cancellation);
        await transaction.CommitAsync(cancellation);
        return (await FindReachAsync(cancellation))!;
    }

    private static async Task ResealReachAsync(NpgsqlTransaction transaction, string newKeyId, Func<SealedSecret, string> reseal, CancellationToken cancellation)
    {
        if (await transaction.FirstAsync<SealedSecret>(SelectReach, null, cancellation) is { } secret && secret.KeyId != newKeyId)
        {
            await transaction.ExecuteAsync("update orchestrator.reach_secret set ciphertext = @ciphertext, key_id = @newKeyId", new { ciphertext = reseal(secret), newKeyId }, cancellation);
        }
    }
}
