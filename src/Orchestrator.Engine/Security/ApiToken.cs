using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Engine.Security;

/// <summary>
/// Tokens of the HTTP API. The first one lies in a 0600 file in the data folder for the command line to read; all others
/// exist as hashes only. A token has 256 random bits, so a plain hash needs neither salt nor stretching.
/// </summary>
public sealed class ApiToken
{
    private const string Prefix = "orc_";
    private const int RandomBytes = 32;
    private const int LongestPresented = 256;
    private const int IdLength = 12;

    private readonly byte[] _hash;

    private ApiToken(string value)
    {
        Value = value;
        _hash = HashBytes(value);
    }

    public string Value { get; }

    public static ApiToken Generate() => new(Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)));

    /// <summary>Reads the token file and makes it at the first start. Throws <see cref="InvalidDataException"/> or <see cref="UnauthorizedAccessException"/> with a message for people.</summary>
    public static ApiToken LoadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            // Of two servers that start at once one makes the file; both read it.
            PrivateFile.TryCreate(path, Generate().Value + "\n");
        }

        return Load(path);
    }

    /// <summary>Reads the token file; the command line never makes one.</summary>
    public static ApiToken Load(string path)
    {
        var text = PrivateFile.Read(path).Trim();
        return text.StartsWith(Prefix, StringComparison.Ordinal) && Base64Url.IsValid(text.AsSpan(Prefix.Length), out var length) && length == RandomBytes
            ? new(text)
            : throw new InvalidDataException($"{path} does not hold an API token; remove it and start the server again to get a new one");
    }

    /// <summary>Compares in constant time: how long a refusal takes tells nothing about how much was right.</summary>
    public bool Matches(string? presented) => Matches(presented, _hash);

    /// <summary>What to store of a token: 64 hex digits.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(HashBytes(token));

    /// <summary>What tells tokens apart and opens nothing: the beginning of its hash.</summary>
    public static string IdOf(string token) => Hash(token)[..IdLength];

    /// <summary>Whether a token is the one of a stored hash; false also for a hash that is none.</summary>
    public static bool MatchesHash(string? presented, string storedHash)
    {
        ArgumentNullException.ThrowIfNull(storedHash);
        var hash = new byte[SHA256.HashSizeInBytes];
        return Convert.FromHexString(storedHash, hash, out var read, out var written) == System.Buffers.OperationStatus.Done
            && read == storedHash.Length && written == hash.Length
            && Matches(presented, hash);
    }

    public override string ToString() => Prefix + "…";

    private static bool Matches(string? presented, byte[] hash) =>
        presented is { Length: > 0 and <= LongestPresented } && CryptographicOperations.FixedTimeEquals(HashBytes(presented), hash);

    private static byte[] HashBytes(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
