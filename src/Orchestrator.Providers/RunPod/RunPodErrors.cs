using System.Net;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.RunPod;

/// <summary>
/// What an answer means. A broken rule and an empty stock are both 400 and differ by their prose alone. A kind that says "positively
/// not" is given only where the API itself has said so: a network in front of it answers too, in its own words.
/// </summary>
internal static class RunPodErrors
{
    /// <summary>Cases differ between versions of the API, and some put "create pod: " before them.</summary>
    private static readonly string[] _capacity =
    [
        "no longer any instances available",
        "no instances currently available",
        "no instances available with the request",
        "does not have the resources to deploy your pod",
        "could not find any pods with required specifications",
        "not enough free GPUs",
        // The card has left the catalogue since it was offered.
        "Unknown GPU type",
    ];

    /// <summary>Words that no rule has, and that are said of an empty stock as well: nobody knows.</summary>
    private const string Opaque = "Something went wrong";

    /// <summary>Said of a whole key, not of the card that was asked for.</summary>
    private static readonly string[] _scope = ["scope", "permission", "read-only", "read only", "not authorized", "unauthorized"];

    /// <param name="call">What was asked.</param>
    /// <param name="answer">What came.</param>
    /// <param name="creates">It asked for a pod: an account that may not use one card or pool may use the next.</param>
    public static ProviderException Of(ApiCall call, ApiAnswer answer, bool creates = false)
    {
        var kind = KindOf(call, answer, creates);
        var more = kind == ProviderErrorKind.Gone ? "; this API was retired, a newer release may know the new one" : "";
        return new ProviderException(kind, $"RunPod, {call}: {Words(answer)} (HTTP {(int)answer.Status}){more}") { RetryAfter = answer.RetryAfter };
    }

    /// <summary>The prose, and each rule that was broken.</summary>
    public static string Words(ApiAnswer answer)
    {
        var fields = answer.Fields;
        var words = string.Join("; ", new[] { fields["detail"].Text ?? fields["title"].Text }.Concat(Broken(answer)).Where(part => !string.IsNullOrWhiteSpace(part)));
        return words.Length > 0 ? OneLine.Of(words) : answer.Words;
    }

    /// <summary>It refused these fields because it does not know them. Where another one is missing, it calls good ones unknown.</summary>
    public static bool KnowsNot(ApiAnswer answer, params ReadOnlySpan<string> fields)
    {
        if (answer.Status != HttpStatusCode.UnprocessableEntity || Broken(answer).Any(rule => rule.Contains("missing property", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        foreach (var field in fields)
        {
            if (Broken(answer).Any(rule => rule.Contains("additional propert", StringComparison.OrdinalIgnoreCase) && rule.Contains($"'{field}'", StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> Broken(ApiAnswer answer) => answer.Fields["errors"].Items.Select(rule => rule.Text).OfType<string>();

    private static ProviderErrorKind KindOf(ApiCall call, ApiAnswer answer, bool creates)
    {
        var fields = answer.Fields;
        var isOwn = fields["detail"].Text is not null || fields["title"].Text is not null;
        return answer.Status switch
        {
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => ProviderErrorKind.Transient,
            HttpStatusCode.Unauthorized => ProviderErrorKind.Unauthorized,
            HttpStatusCode.PaymentRequired => ProviderErrorKind.InsufficientFunds,
            HttpStatusCode.Gone => ProviderErrorKind.Gone,
            // The edge refuses clients that name themselves wrongly, and bursts, mostly before the API sees them: of a change nobody knows.
            HttpStatusCode.Forbidden when !isOwn => call.Changes ? ProviderErrorKind.Unknown : Says(answer, "1010") ? ProviderErrorKind.Rejected : ProviderErrorKind.RateLimited,
            _ when !isOwn => ProviderErrorKind.Unknown,
            HttpStatusCode.Forbidden => creates && !SaysAny(answer, _scope) ? ProviderErrorKind.Rejected : ProviderErrorKind.Unauthorized,
            HttpStatusCode.NotFound => ProviderErrorKind.NotFound,
            >= HttpStatusCode.BadRequest when Says(answer, "insufficient balance") => ProviderErrorKind.InsufficientFunds,
            >= HttpStatusCode.BadRequest when SaysAny(answer, _capacity) => ProviderErrorKind.NoCapacity,
            >= HttpStatusCode.BadRequest when Says(answer, Opaque) => ProviderErrorKind.Transient,
            >= HttpStatusCode.BadRequest => ProviderErrorKind.Rejected,
            _ => ProviderErrorKind.Unknown,
        };
    }

    private static bool Says(ApiAnswer answer, string words) => answer.Text.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static bool SaysAny(ApiAnswer answer, string[] words) => Array.Exists(words, one => Says(answer, one));
}
