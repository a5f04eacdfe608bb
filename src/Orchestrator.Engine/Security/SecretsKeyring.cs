using System.Collections.Concurrent;

namespace Orchestrator.Engine.Security;

/// <summary>
/// The keys that secrets of this installation are sealed with: one, and a second beside it while a rotation is under way. Both
/// open until the rotation is over, whichever server carries it out.
/// </summary>
public sealed class SecretsKeyring
{
    private readonly string? _path;
    // Keys that were replaced stay in memory: a ciphertext that was read just before may be opened just after.
    private readonly ConcurrentDictionary<string, SecretsKey> _known = new(StringComparer.Ordinal);
    private volatile SecretsKey _newest;

    private SecretsKeyring(string? path, SecretsKey first)
    {
        _path = path;
        _newest = first;
        _known[first.Id] = first;
    }

    /// <summary>Id of the key that was newest when the files were last read.</summary>
    public string NewestId => _newest.Id;

    /// <summary>A ring of one key that no file changes.</summary>
    public static SecretsKeyring Of(SecretsKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(null, key);
    }

    /// <summary>
    /// Reads the key file, or makes it where neither the file nor a ciphertext exists. Throws <see cref="SecretsKeyException"/> where
    /// the files cannot open all of <paramref name="idsInUse"/>, as <see cref="SecretsKey.LoadOrCreate"/> does.
    /// </summary>
    public static SecretsKeyring LoadOrCreate(string path, IReadOnlyCollection<string> idsInUse)
    {
        ArgumentNullException.ThrowIfNull(idsInUse);
        if (!File.Exists(NextOf(path)))
        {
            return new(path, SecretsKey.LoadOrCreate(path, idsInUse));
        }

        var next = SecretsKey.Load(NextOf(path));
        var ring = new SecretsKeyring(path, SecretsKey.LoadOrCreate(path, [.. idsInUse.Where(id => id != next.Id)]));
        ring.Reload();
        return ring;
    }

    /// <summary>Where the key of an unfinished rotation lies.</summary>
    internal static string NextOf(string path) => path + ".next";

    /// <summary>32 bytes for another purpose, see <see cref="SecretsKey.Derive"/>.</summary>
    public byte[] Derive(string purpose) => _newest.Derive(purpose);

    /// <summary>Seals with the newest key there is now.</summary>
    public (string Ciphertext, string KeyId) Seal(string name, string value)
    {
        var key = Reload();
        return (new SecretBox(key).Seal(name, value), key.Id);
    }

    /// <summary>Throws <see cref="SecretsKeyException"/> where no key opens it.</summary>
    public string Open(string name, string ciphertext)
    {
        if (SecretBox.KeyIdOf(ciphertext) is { } id && _known.TryGetValue(id, out var key))
        {
            return new SecretBox(key).Open(name, ciphertext);
        }

        // Another server has rotated since: its key is in the file by now.
        var newest = Reload();
        return new SecretBox(SecretBox.KeyIdOf(ciphertext) is { } again && _known.TryGetValue(again, out var found) ? found : newest).Open(name, ciphertext);
    }

    /// <summary>Reads the files again and gives the newest key.</summary>
    internal SecretsKey Reload()
    {
        if (_path is null)
        {
            return _newest;
        }

        // The next one first: the last step of a rotation moves it to where we look second.
        var next = File.Exists(NextOf(_path)) ? TryLoadNext(_path) : null;
        var current = SecretsKey.Load(_path);
        _known[current.Id] = current;
        if (next is not null)
        {
            _known[next.Id] = next;
        }

        return _newest = next ?? current;
    }

    /// <summary>Null when it was moved into its place since we looked.</summary>
    private static SecretsKey? TryLoadNext(string path)
    {
        try
        {
            return SecretsKey.Load(NextOf(path));
        }
        catch (SecretsKeyException) when (!File.Exists(NextOf(path)))
        {
            return null;
        }
    }
}
