using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Orchestrator.Agent.Transfers;

/// <summary>The HTTP clients for stores. The one for TLS trusts whom the server says, and says in words why it does not trust somebody.</summary>
internal sealed class StoreConnections(TrustedAuthorities trust) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HttpClient _plain = new(Handler()) { Timeout = Timeout.InfiniteTimeSpan };
    private HttpClient? _secure;
    private string? _trusted;

    /// <summary>Gives the answer's headers; the body is read by the caller.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (request.RequestUri!.Scheme != Uri.UriSchemeHttps)
        {
            return _plain.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }

        lock (_lock)
        {
            // Begun within the lock, so that nobody begins anything on a client that is replaced.
            return Secure().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
    }

    public void Dispose()
    {
        _plain.Dispose();
        _secure?.Dispose();
    }

    /// <summary>Why TLS failed. The library's own messages are trimmed away to keep the agent small.</summary>
    public static string Explain(HttpRequestException failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is StoreException)
            {
                return e.Message;
            }
        }

        return $"no TLS connection: the other side does not speak it, or no version of it that both know ({failure.InnerException?.GetType().Name})";
    }

    /// <summary>A fresh one when others are trusted than before; what is under way on the old one is cut and tried again.</summary>
    private HttpClient Secure()
    {
        var hash = trust.Hash;
        if (_secure is not null && _trusted == hash)
        {
            return _secure;
        }

        var handler = Handler();
        // No certificate is fetched from anywhere: the store sends its whole chain, as curl and every SDK ask of it.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        var authorities = trust.Read();
        if (authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        handler.SslOptions.CertificateChainPolicy = policy;
        handler.SslOptions.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
            errors == SslPolicyErrors.None
                ? true
                : throw new StoreException(StoreFault.Transient, CertificateProblem.Words(((SslStream)sender).TargetHostName, certificate, chain, errors, authorities?.Count));
        _secure?.Dispose();
        _secure = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _trusted = hash;
        return _secure;
    }

    private static SocketsHttpHandler Handler() =>
        new() { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(20) };
}
