using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Orchestrator.Engine.Http;

namespace Orchestrator.Engine.Images;

/// <summary>
/// Asks one registry about its images, in the language of the OCI distribution specification; reads, never writes. Throws
/// <see cref="RegistryException"/>.
/// </summary>
public sealed class RegistryClient : IDisposable
{
    private const int LongestManifest = 4 << 20;

    private readonly PatientClient _http;
    private readonly RegistryLogin? _login;
    private readonly RegistryTokens _tokens;
    private readonly Uri _address;
    private readonly string _host;

    /// <param name="address">Of its API: <c>https://ghcr.io</c>.</param>
    /// <param name="host">As images name it.</param>
    /// <param name="http">Does not follow redirects; disposed with this.</param>
    /// <param name="login">Null = as a stranger.</param>
    public RegistryClient(Uri address, string host, PatientClient http, RegistryLogin? login)
    {
        ArgumentNullException.ThrowIfNull(address);
        (_address, _host, _http, _login) = (address, host, http, login);
        _tokens = new(http, address, login);
    }

    /// <summary>Whether the registry speaks to us and takes the login.</summary>
    public async Task PingAsync(CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, "/v2/", "", cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw Refused(answer.StatusCode, _host);
        }
    }

    /// <summary>What a reference means now.</summary>
    public async Task<StoredImage> ResolveAsync(ImageReference image, string written, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (digest, manifest) = await ManifestAsync(image, image.Wanted, cancellation);
        if (image.Digest is { } asked && digest != asked)
        {
            throw new RegistryException(RegistryErrorKind.Unreachable, $"{_host} answers with {digest} where {asked} was asked for");
        }

        if (!manifest.IsIndex)
        {
            return new(written, image.Pinned(digest), manifest.Bytes);
        }

        if (manifest.ForLinux is not { } linux)
        {
            throw new RegistryException(
                RegistryErrorKind.Unusable, $"it is not built for linux/amd64 (but for {string.Join(", ", manifest.Platforms.Take(5))}); build it with --platform linux/amd64");
        }

        // The index is pinned, not the variant: that is the digest people see, and every architecture has its own below it.
        return new(written, image.Pinned(digest), (await ManifestAsync(image, linux, cancellation)).Manifest.Bytes);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(string Digest, RegistryManifest Manifest)> ManifestAsync(ImageReference image, string wanted, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/v2/{image.Repository}/manifests/{wanted}", $"repository:{image.Repository}:pull", cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw Refused(answer.StatusCode, $"{_host}/{image.Repository}");
        }

        var text = await ReadAsync(answer, cancellation);
        // Counted ourselves: some registries leave the header out, and none has to be believed.
        var digest = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return (digest, RegistryManifest.Parse(text));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string scope, CancellationToken cancellation)
    {
        var answer = await TrySendAsync(method, path, _tokens.Known(scope), cancellation);
        if (answer.StatusCode != HttpStatusCode.Unauthorized)
        {
            return answer;
        }

        using (answer)
        {
            var authorization = await _tokens.AnswerAsync(answer.Headers.WwwAuthenticate, scope, cancellation)
                ?? throw Refused(HttpStatusCode.Unauthorized, _host);
            return await TrySendAsync(method, path, authorization, cancellation);
        }
    }

    /// <summary>Some registries send readers on to another; their login stays here.</summary>
    private async Task<HttpResponseMessage> TrySendAsync(HttpMethod method, string path, AuthenticationHeaderValue? authorization, CancellationToken cancellation)
    {
        try
        {
            return (await _http.FollowAsync(
                new Uri(_address, path),
                at =>
                {
                    var request = new HttpRequestMessage(method, at);
                    request.Headers.TryAddWithoutValidation("Accept", RegistryManifest.Accept);
                    request.Headers.Authorization = Redirects.IsSameServer(at, _address) ? authorization : null;
                    return request;
                },
                cancellation)).Answer;
        }
        catch (UnreachableException away)
        {
            throw new RegistryException(RegistryErrorKind.Unreachable, away.Message, away);
        }
    }

    private async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            return await _http.ReadAsync(answer, LongestManifest, cancellation);
        }
        catch (UnreachableException broken)
        {
            throw new RegistryException(RegistryErrorKind.Unreachable, broken.Message, broken);
        }
    }

    private RegistryException Refused(HttpStatusCode status, string what) => status switch
    {
        HttpStatusCode.NotFound => new(RegistryErrorKind.NotFound, $"{_host} knows no such image"),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
            RegistryErrorKind.Unauthorized, _login is null ? $"{what} is not shown without a login" : $"{what} is not shown to {_login.User} ({(int)status})"),
        HttpStatusCode.TooManyRequests => new(RegistryErrorKind.RateLimited, $"{_host} asks for fewer requests (429)"),
        _ => new(RegistryErrorKind.Unreachable, $"{_host} answers {(int)status}, which is not what a registry says"),
    };
}
