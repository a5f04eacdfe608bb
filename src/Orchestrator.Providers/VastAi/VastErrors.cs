using System.Collections.Frozen;
using System.Net;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.VastAi;

/// <summary>
/// What an answer means. Many failures come with status 200, and gateways answer in HTML and plain words; so a kind that says
/// "positively not" is given only where the API itself has said so.
/// </summary>
internal static class VastErrors
{
    private static readonly FrozenDictionary<string, ProviderErrorKind> _slugs = new Dictionary<string, ProviderErrorKind>(StringComparer.Ordinal)
    {
        ["no_such_ask"] = ProviderErrorKind.NoCapacity,
        ["resources_unavailable"] = ProviderErrorKind.NoCapacity,
        ["auth_error"] = ProviderErrorKind.Unauthorized,
        ["not_authorized"] = ProviderErrorKind.Unauthorized,
        ["insufficient_credit"] = ProviderErrorKind.InsufficientFunds,
        ["missing_billing"] = ProviderErrorKind.InsufficientFunds,
        ["spend_rate_limit"] = ProviderErrorKind.InsufficientFunds,
        ["no_such_instance"] = ProviderErrorKind.NotFound,
        ["not_found"] = ProviderErrorKind.NotFound,
        ["rate_limit_exceeded"] = ProviderErrorKind.RateLimited,
        ["deprecated_endpoint"] = ProviderErrorKind.Gone,
        // A missing image tag among other things; nobody says that nothing was rented.
        ["server_error"] = ProviderErrorKind.Transient,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>2xx, and not said to be a failure.</summary>
    public static bool IsSuccess(ApiAnswer answer) => answer.IsSuccess && answer.Fields["success"].Flag != false;

    public static ProviderException Of(ApiCall call, ApiAnswer answer) =>
        new(KindOf(call, answer), $"Vast.ai, {call}: {Words(answer)} (HTTP {(int)answer.Status})") { RetryAfter = answer.RetryAfter };

    /// <summary>The API's own: the slug and the text, each of which may be missing.</summary>
    public static string Words(ApiAnswer answer)
    {
        var fields = answer.Fields;
        var text = fields["msg"].Text ?? fields["message"].Text ?? fields["detail"].Text;
        var words = string.Join(": ", new[] { fields["error"].Text, text }.Where(part => !string.IsNullOrWhiteSpace(part)));
        return words.Length > 0 ? OneLine.Of(words) : answer.Words;
    }

    private static ProviderErrorKind KindOf(ApiCall call, ApiAnswer answer)
    {
        // What is not the API's own JSON, a gateway may have said.
        if (answer.Fields.IsObject)
        {
            // The slug of a vanished offer is invalid_args now and then, and the word is in the text.
            if (Says(answer, "no_such_ask"))
            {
                return ProviderErrorKind.NoCapacity;
            }

            if (Says(answer, "too frequent") && answer.Status < HttpStatusCode.InternalServerError)
            {
                return ProviderErrorKind.RateLimited;
            }
        }

        return _slugs.TryGetValue(answer.Fields["error"].Text ?? "", out var known) ? known : OfStatus(call, answer);
    }

    private static bool Says(ApiAnswer answer, string words) => answer.Text.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static ProviderErrorKind OfStatus(ApiCall call, ApiAnswer answer) => answer.Status switch
    {
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => ProviderErrorKind.Transient,
        HttpStatusCode.TooManyRequests => ProviderErrorKind.RateLimited,
        HttpStatusCode.Unauthorized => ProviderErrorKind.Unauthorized,
        // Nobody but the API asks for money, in whatever form.
        HttpStatusCode.PaymentRequired => ProviderErrorKind.InsufficientFunds,
        HttpStatusCode.Gone => ProviderErrorKind.Gone,
        // The edge refuses bursts with a page of its own, mostly before the API sees them: not a bad key, and of a change nobody knows.
        HttpStatusCode.Forbidden when !answer.Fields.IsObject => call.Changes ? ProviderErrorKind.Unknown : ProviderErrorKind.RateLimited,
        // Without a slug it says nothing of what was asked for, so it is of the key.
        HttpStatusCode.Forbidden when answer.Fields["error"].Text is null => ProviderErrorKind.Unauthorized,
        >= HttpStatusCode.BadRequest when answer.Fields.IsObject => ProviderErrorKind.Rejected,
        _ => ProviderErrorKind.Unknown,
    };
}
