using System.Security.Cryptography;
using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Security;

/// <summary>
/// The key that user secrets and provider keys are encrypted with at rest: a file outside the database, so that a stolen
/// database tells nothing. Made once; every ciphertext carries its id.
/// </summary>
public sealed class SecretsKey
{
    /// <summary>AES-256.</summary>
    internal const int Length = 32;

    private const string Format = "orchestrator-secrets-key-1";
    private readonly byte[] _key;

    private SecretsKey(byte[] key)
    {
        _key = key;
        Id = IdOf(key);
    }

    /// <summary>Derived from the key: 16 hex digits that tell keys apart and nothing else.</summary>
    public string Id { get; }

    internal ReadOnlySpan<byte> Bytes => _key;

    /// <summary>32 bytes for another purpose, the same on every server that has this key, that tell nothing about it.</summary>
    public byte[] Derive(string purpose) => HMACSHA256.HashData(_key, System.Text.Encoding.UTF8.GetBytes("orchestrator " + purpose));

    public static SecretsKey Generate() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>
    /// Reads the key file, or makes it where neither the file nor a ciphertext exists.
    /// <paramref name="idsInUse"/>: the ids beside the ciphertexts in the database. Throws <see cref="SecretsKeyException"/>
    /// where this file cannot open all of them: a server that started with another key would add secrets that its
    /// neighbours cannot read.
    /// </summary>
    public static SecretsKey LoadOrCreate(string path, IReadOnlyCollection<string> idsInUse)
    {
        ArgumentNullException.ThrowIfNull(idsInUse);
        if (!File.Exists(path))
        {
            if (idsInUse.Count > 0)
            {
                throw new SecretsKeyException($"the database holds secrets encrypted with the key {idsInUse.First()}, but {path} is missing; put the key file back (from a backup, or from the first server of this installation)");
            }

            // Losing the race to another server is as good as winning it: what counts is the file.
            Create(path);
        }

        var key = Load(path);
        return idsInUse.FirstOrDefault(id => id != key.Id) is { } other
            ? throw new SecretsKeyException($"the database holds secrets encrypted with the key {other}, but {path} is the key {key.Id}; put the right key file back")
            : key;
    }

    /// <summary>Writes a new key where there is no file yet; it survives a power cut from the moment this returns.</summary>
    internal static void Create(string path)
    {
        var created = Generate();
        PrivateFile.TryCreate(path, $"{Format} {created.Id} {Convert.ToBase64String(created._key)}\n");
        PosixFiles.Flush(Path.GetDirectoryName(path)!);
    }

    internal static SecretsKey Load(string path)
    {
        string text;
        try
        {
            text = PrivateFile.Read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SecretsKeyException("cannot use the secrets key: " + error.Message, error);
        }

        var parts = text.Trim().Split(' ');
        var key = new byte[Length];
        return parts.Length == 3 && parts[0] == Format
            && Convert.TryFromBase64String(parts[2], key, out var written) && written == Length
            && parts[1] == IdOf(key)
            ? new(key)
            : throw new SecretsKeyException($"{path} is not a secrets key or is damaged; put the right key file back");
    }

    private static string IdOf(byte[] key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, "orchestrator secrets key id"u8).AsSpan(0, 8));
}
