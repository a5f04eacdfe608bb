using System.Buffers.Text;
using System.Security.Cryptography;

namespace Orchestrator.Server.Security;

/// <summary>One-time codes of login links, each with the role of the token that made it. They live in memory: a restarted server forgets them, which is safe.</summary>
public sealed class LoginCodes(TimeProvider time)
{
    public static readonly TimeSpan Validity = TimeSpan.FromMinutes(5);
    private const int Most = 100;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (TokenOwner Owner, DateTimeOffset Expires)> _codes = new(StringComparer.Ordinal);

    public (string Code, DateTimeOffset Expires) Create(TokenOwner owner)
    {
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        lock (_lock)
        {
            foreach (var old in _codes.Where(entry => entry.Value.Expires < now).Select(entry => entry.Key).ToList())
            {
                _codes.Remove(old);
            }

            if (_codes.Count >= Most)
            {
                _codes.Remove(_codes.MinBy(entry => entry.Value.Expires).Key);
            }

            _codes[Hash(code)] = (owner, now + Validity);
        }

        return (code, now + Validity);
    }

    /// <summary>The owner the code was made for; null = unknown, used, or too old. It is spent either way.</summary>
    public TokenOwner? Redeem(string? code)
    {
        if (code is not { Length: > 0 and <= 128 })
        {
            return null;
        }

        lock (_lock)
        {
            // Keyed by hash: how long a look-up takes says nothing about the codes themselves.
            return _codes.Remove(Hash(code), out var entry) && entry.Expires >= time.GetUtcNow() ? entry.Owner : null;
        }
    }

    private static string Hash(string code) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(code)));
}
