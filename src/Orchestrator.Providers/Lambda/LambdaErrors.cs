using System.Collections.Frozen;
using System.Net;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.Lambda;

/// <summary>What an answer means: its code says it. The same code comes with several statuses, and some answers have none.</summary>
internal static class LambdaErrors
{
    private static readonly FrozenDictionary<string, ProviderErrorKind> _codes = new Dictionary<string, ProviderErrorKind>(StringComparer.Ordinal)
    {
        ["global/invalid-api-key"] = ProviderErrorKind.Unauthorized,
        ["global/account-inactive"] = ProviderErrorKind.Unauthorized,
        ["global/invalid-address"] = ProviderErrorKind.Unauthorized,
        ["global/invalid-parameters"] = ProviderErrorKind.Rejected,
        ["global/duplicate"] = ProviderErrorKind.Rejected,
        ["global/object-does-not-exist"] = ProviderErrorKind.NotFound,
        // Of requests, or of what may run at once: to wait helps with either.
        ["global/quota-exceeded"] = ProviderErrorKind.RateLimited,
        ["global/rate-limited"] = ProviderErrorKind.RateLimited,
        ["global/unknown"] = ProviderErrorKind.Transient,
        ["global/internal-error"] = ProviderErrorKind.Transient,
        ["instance-operations/launch/insufficient-capacity"] = ProviderErrorKind.NoCapacity,
        ["instance-operations/launch/file-system-in-wrong-region"] = ProviderErrorKind.Rejected,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <param name="call">What was asked.</param>
    /// <param name="answer">What came.</param>
    /// <param name="launches">What is said not to exist is then something that the launch named.</param>
    public static ProviderException Of(ApiCall call, ApiAnswer answer, bool launches = false)
    {
        var kind = KindOf(call, answer);
        return new(launches && kind == ProviderErrorKind.NotFound ? ProviderErrorKind.Rejected : kind, $"Lambda, {call}: {Words(answer)} (HTTP {(int)answer.Status})") { RetryAfter = answer.RetryAfter };
    }

    public static string? CodeOf(ApiAnswer answer) => answer.Fields["error"]["code"].Text;

    private static string Words(ApiAnswer answer)
    {
        var error = answer.Fields["error"];
        var words = string.Join(' ', new[] { error["message"].Text, error["suggestion"].Text, CodeOf(answer) is { } code ? $"[{code}]" : null }.Where(part => !string.IsNullOrWhiteSpace(part)));
        return words.Length > 0 ? OneLine.Of(words) : answer.IsSuccess ? "an answer of another form" : answer.Words;
    }

    /// <summary>Some failures come with a message alone, and this one is the commonest.</summary>
    private static bool SaysNoCapacity(ApiAnswer answer) => answer.Fields["error"]["message"].Text?.Contains("Not enough capacity", StringComparison.OrdinalIgnoreCase) == true;

    private static ProviderErrorKind KindOf(ApiCall call, ApiAnswer answer)
    {
        var isOwn = answer.Fields["error"].IsObject;
        return isOwn && CodeOf(answer) is { } code && _codes.TryGetValue(code, out var known) ? known : answer.Status switch
        {
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => ProviderErrorKind.Transient,
            HttpStatusCode.Unauthorized => ProviderErrorKind.Unauthorized,
            HttpStatusCode.PaymentRequired => ProviderErrorKind.InsufficientFunds,
            HttpStatusCode.Gone => ProviderErrorKind.Gone,
            // The edge refuses bursts with a page of its own, mostly before the API sees them: not a bad key, and of a change nobody knows.
            HttpStatusCode.Forbidden => isOwn ? ProviderErrorKind.Unauthorized : call.Changes ? ProviderErrorKind.Unknown : ProviderErrorKind.RateLimited,
            >= HttpStatusCode.BadRequest when isOwn && SaysNoCapacity(answer) => ProviderErrorKind.NoCapacity,
            HttpStatusCode.NotFound when isOwn => ProviderErrorKind.NotFound,
            >= HttpStatusCode.BadRequest when isOwn => ProviderErrorKind.Rejected,
            _ => ProviderErrorKind.Unknown,
        };
    }
}
