using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>Signs and checks the URLs of a folder store: HMAC-SHA256 over everything the URL allows.</summary>
internal sealed class FolderUrls
{
    private const int MinKeyBytes = 32;

    private readonly byte[] _key;
    private readonly Func<Uri> _baseUrl;
    private readonly TimeProvider _time;

    internal FolderUrls(ReadOnlySpan<byte> key, Func<Uri> baseUrl, TimeProvider time)
    {
        if (key.Length < MinKeyBytes)
        {
            throw new ArgumentException($"the store's signing key has {key.Length} bytes; at least {MinKeyBytes} are needed", nameof(key));
        }

        // Derived, so that the installation's key may serve other purposes too.
        _key = HMACSHA256.HashData(key, "orchestrator folder store urls 1"u8);
        _baseUrl = baseUrl;
        _time = time;
    }

    internal SignedUrl Sign(FolderUrl allowed)
    {
        StoreKeys.Require(allowed.Key);
        ArgumentOutOfRangeException.ThrowIfNegative(allowed.Size);
        var seconds = allowed.Expires.ToUnixTimeSeconds();
        var query = new QueryString()
            .Add("key", allowed.Key)
            .Add("expires", Text(seconds));
        if (allowed.Method == "PUT")
        {
            query = query.Add("size", Text(allowed.Size)).Add("part", Text(allowed.Part)).Add("upload", allowed.UploadId).Add("once", allowed.Once ? "1" : "0");
        }

        else if (allowed.Version.Length > 0)
        {
            query = query.Add("version", allowed.Version);
        }

        var url = new UriBuilder(_baseUrl()) { Query = query.Add("signature", Convert.ToHexStringLower(Signature(allowed, seconds))).Value };
        return new(url.Uri.AbsoluteUri, DateTimeOffset.FromUnixTimeSeconds(seconds), ImmutableSortedDictionary<string, string>.Empty);
    }

    /// <summary>What the request's URL allows; null when it was not signed by us, for another method, or has expired.</summary>
    internal FolderUrl? Check(HttpRequest request)
    {
        var query = request.Query;
        if (One(query, "key") is not { } key || StoreKeys.Problem(key) is not null
            || !long.TryParse(One(query, "expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || !TryNumber(query, "size", out var size) || !TryNumber(query, "part", out var part) || part > FolderUploads.MaxParts
            || One(query, "signature") is not { Length: 64 } signature || !signature.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        var claimed = new FolderUrl
        {
            Method = request.Method,
            Key = key,
            Expires = DateTimeOffset.FromUnixTimeSeconds(seconds),
            Size = size,
            Part = (int)part,
            UploadId = One(query, "upload") ?? "",
            Version = One(query, "version") ?? "",
            Once = One(query, "once") == "1",
        };
        var genuine = CryptographicOperations.FixedTimeEquals(Signature(claimed, seconds), Convert.FromHexString(signature));
        return genuine && _time.GetUtcNow() <= claimed.Expires ? claimed : null;
    }

    // No field can hold a line feed (keys are checked, upload ids come from us), so no two meanings give one text.
    private byte[] Signature(FolderUrl url, long expires) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(
        string.Join('\n', url.Method, url.Key, Text(expires), Text(url.Size), Text(url.Part), url.UploadId.ReplaceLineEndings("?"), url.Version.ReplaceLineEndings("?"), url.Once ? "1" : "0")));

    private static bool TryNumber(IQueryCollection query, string name, out long value)
    {
        value = 0;
        return !query.ContainsKey(name) || long.TryParse(One(query, name), NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static string? One(IQueryCollection query, string name) => query[name] is { Count: 1 } values ? values[0] : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
