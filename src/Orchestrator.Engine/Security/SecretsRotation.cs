using Orchestrator.Engine.Processes;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;

namespace Orchestrator.Engine.Security;

/// <summary>
/// Replaces the secrets key: the new one is written beside the old one, every secret is sealed anew in one transaction, the new one
/// takes the old one's place. Killed between any two of these, both keys are there, and whichever server on the data folder
/// notices first does the rest.
/// </summary>
/// <param name="keys">Of this server.</param>
/// <param name="store">Where secrets lie.</param>
/// <param name="path">The key file.</param>
public sealed class SecretsRotation(SecretsKeyring keys, SecretStore store, string path)
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Opens the ring at a server's start and finishes what a killed server left. Under the lock of rotations: the ids in the
    /// database and the files then belong together.
    /// </summary>
    public static async Task<SecretsKeyring> OpenAsync(string path, SecretStore store, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        using var held = await LockAsync(path, cancellation);
        var idsInUse = (await AllAsync(store, cancellation)).Select(secret => secret.KeyId).Distinct(StringComparer.Ordinal).ToList();
        var keys = SecretsKeyring.LoadOrCreate(path, idsInUse);
        await new SecretsRotation(keys, store, path).FinishLockedAsync(cancellation);
        return keys;
    }

    /// <summary>Returns once every secret is sealed with a new key and no other is left. Throws <see cref="SecretsKeyException"/> before anything was changed when a secret does not open.</summary>
    /// <returns>How many secrets there are.</returns>
    public async Task<int> RotateAsync(CancellationToken cancellation)
    {
        using var held = await LockAsync(path, cancellation);
        // What does not open now would not open later either, and would keep the old key for ever.
        foreach (var secret in await AllAsync(store, cancellation))
        {
            keys.Open(secret.Name, secret.Ciphertext);
        }

        // An unfinished rotation's key may be old by now: it is finished, and not taken for the new one.
        await FinishLockedAsync(cancellation);
        SecretsKey.Create(SecretsKeyring.NextOf(path));
        FailPoints.Hit("secrets-key-written");
        return await FinishLockedAsync(cancellation);
    }

    /// <summary>Does the rest of a rotation that somebody began; nothing where there is none, or where another server was quicker.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        if (File.Exists(SecretsKeyring.NextOf(path)))
        {
            using var held = await LockAsync(path, cancellation);
            await FinishLockedAsync(cancellation);
        }
    }

    private async Task<int> FinishLockedAsync(CancellationToken cancellation)
    {
        var next = SecretsKeyring.NextOf(path);
        if (!File.Exists(next))
        {
            return 0;
        }

        var newest = keys.Reload();
        var box = new SecretBox(newest);
        var count = await store.RotateAsync(newest.Id, secret => Reseal(secret, box), cancellation);
        FailPoints.Hit("secrets-sealed");
        File.Move(next, path, overwrite: true);
        PosixFiles.Flush(Path.GetDirectoryName(path)!);
        keys.Reload();
        return count;
    }

    private static async Task<IReadOnlyList<SealedSecret>> AllAsync(SecretStore store, CancellationToken cancellation) =>
        [.. await store.ListAsync(cancellation), .. await store.FindReachAsync(cancellation) is { } reach ? (SealedSecret[])[reach] : []];

    private string Reseal(SealedSecret secret, SecretBox box) => box.Seal(secret.Name, keys.Open(secret.Name, secret.Ciphertext));

    private static Task<FileLock> LockAsync(string path, CancellationToken cancellation) => FileLock.AcquireAsync(path + ".lock", _limit, cancellation);
}
