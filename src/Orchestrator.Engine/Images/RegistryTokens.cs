using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orchestrator.Engine.Http;

namespace Orchestrator.Engine.Images;

/// <summary>Answers a registry's challenge: Basic with the login, Bearer with a token that the named realm gives for it.</summary>
internal sealed class RegistryTokens(PatientClient http, Uri address, RegistryLogin? login)
{
    private const int LongestAnswer = 1 << 20;

    // For the life of one client, which is a submit or a test: shorter than any token lives.
    private readonly ConcurrentDictionary<string, AuthenticationHeaderValue> _known = new(StringComparer.Ordinal);

    internal AuthenticationHeaderValue? Known(string scope) => _known.GetValueOrDefault(scope);

    /// <summary>Null = there is nothing that could be answered.</summary>
    internal async Task<AuthenticationHeaderValue?> AnswerAsync(IEnumerable<AuthenticationHeaderValue> headers, string scope, CancellationToken cancellation)
    {
        var challenges = headers.Select(AuthChallenge.Parse).ToList();
        var answer = challenges.FirstOrDefault(one => one.Scheme == "bearer") is { } bearer ? await BearerAsync(bearer, scope, cancellation)
            : challenges.Exists(one => one.Scheme == "basic") ? Basic()
            : null;
        if (answer is not null)
        {
            _known[scope] = answer;
        }

        return answer;
    }

    private AuthenticationHeaderValue? Basic() =>
        login is null ? null : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.User}:{login.Password}")));

    private async Task<AuthenticationHeaderValue> BearerAsync(AuthChallenge challenge, string scope, CancellationToken cancellation)
    {
        var realm = Realm(challenge);
        try
        {
            using var answer = await http.SendAsync(
                () =>
                {
                    var request = new HttpRequestMessage(HttpMethod.Get, realm + Query(realm, challenge, scope));
                    request.Headers.Authorization = Basic();
                    return request;
                },
                cancellation);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK when Token(await http.ReadAsync(answer, LongestAnswer, cancellation)) is { } token => new("Bearer", token),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw new RegistryException(
                    RegistryErrorKind.Unauthorized, login is null ? $"{realm.Host} gives strangers no token" : $"{realm.Host} does not take the password of {login.User}"),
                HttpStatusCode.TooManyRequests => throw new RegistryException(RegistryErrorKind.RateLimited, $"{realm.Host} asks for fewer requests (429)"),
                _ => throw new RegistryException(RegistryErrorKind.Unreachable, $"{realm.Host} gives no token (it answers {(int)answer.StatusCode})"),
            };
        }
        catch (UnreachableException away)
        {
            throw new RegistryException(RegistryErrorKind.Unreachable, away.Message, away);
        }
    }

    /// <summary>The password goes there, so it must not go in the clear over a wire.</summary>
    private Uri Realm(AuthChallenge challenge)
    {
        var text = challenge.Parameters.GetValueOrDefault("realm");
        return Uri.TryCreate(text, UriKind.Absolute, out var realm) && Redirects.MayBeAsked(realm, address)
            ? realm
            : throw new RegistryException(RegistryErrorKind.Unreachable, $"{address.Host} sends us for a token to a place that is not https; it is not asked");
    }

    private static string Query(Uri realm, AuthChallenge challenge, string scope)
    {
        var query = new StringBuilder(realm.Query.Length > 0 ? "&" : "?");
        query.Append("service=").Append(Uri.EscapeDataString(challenge.Parameters.GetValueOrDefault("service") ?? ""));
        var wanted = challenge.Parameters.GetValueOrDefault("scope") is { Length: > 0 } named ? named : scope;
        return wanted.Length == 0 ? query.ToString() : query.Append("&scope=").Append(Uri.EscapeDataString(wanted)).ToString();
    }

    private static string? Token(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var text = Text(document.RootElement, "token") ?? Text(document.RootElement, "access_token");
            return text is { Length: > 0 } && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? text : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new RegistryException(RegistryErrorKind.Unreachable, "the token's answer cannot be read: " + error.Message, error);
        }
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
