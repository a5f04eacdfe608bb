using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Engine.Security;

/// <summary>
/// Encrypts values for the database with AES-256-GCM. A ciphertext is <c>v1.KEYID.BASE64URL(nonce, tag, data)</c> and
/// is bound to the secret's name: moved to another row it does not open.
/// </summary>
public sealed class SecretBox(SecretsKey key)
{
    private const string Version = "v1";
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public string Seal(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        var plain = Encoding.UTF8.GetBytes(value);
        var sealedBytes = new byte[NonceLength + TagLength + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceLength);
        // 96 random bits are safe for four thousand million values per key; people have dozens.
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key.Bytes, TagLength);
        cipher.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceLength + TagLength), sealedBytes.AsSpan(NonceLength, TagLength), BoundTo(name));
        CryptographicOperations.ZeroMemory(plain);
        return $"{Version}.{key.Id}.{Base64Url.EncodeToString(sealedBytes)}";
    }

    /// <summary>Throws <see cref="SecretsKeyException"/> where the key is another one, or the text was changed or belongs to another name.</summary>
    public string Open(string name, string ciphertext)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var parts = (ciphertext ?? "").Split('.');
        if (parts.Length != 3 || parts[0] != Version || !Base64Url.IsValid(parts[2]))
        {
            throw new SecretsKeyException($"the stored secret {name} is damaged or of a newer version; set it again with: orchestrator secret set {name}");
        }

        if (parts[1] != key.Id)
        {
            throw new SecretsKeyException($"the secret {name} is encrypted with the key {parts[1]}, and this server has the key {key.Id}; put the right secrets.key back");
        }

        var sealedBytes = Base64Url.DecodeFromChars(parts[2]);
        if (sealedBytes.Length < NonceLength + TagLength)
        {
            throw Damaged(name, null);
        }

        var plain = new byte[sealedBytes.Length - NonceLength - TagLength];
        using var cipher = new AesGcm(key.Bytes, TagLength);
        try
        {
            cipher.Decrypt(sealedBytes.AsSpan(0, NonceLength), sealedBytes.AsSpan(NonceLength + TagLength), sealedBytes.AsSpan(NonceLength, TagLength), plain, BoundTo(name));
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw Damaged(name, mismatch);
        }

        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>The id of the key that a ciphertext needs; null where the text is none of ours.</summary>
    public static string? KeyIdOf(string ciphertext) =>
        ciphertext?.Split('.') is [Version, { Length: > 0 } id, _] ? id : null;

    private static SecretsKeyException Damaged(string name, Exception? inner)
    {
        var message = $"the stored secret {name} was changed or belongs to another name; set it again with: orchestrator secret set {name}";
        return inner is null ? new(message) : new(message, inner);
    }

    private byte[] BoundTo(string name) => Encoding.UTF8.GetBytes($"orchestrator secret {Version} {key.Id} {name}");
}
