using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orchestrator.Engine.Http;

/// <summary>Connections to other people's servers.</summary>
public static class WebHandlers
{
    /// <summary>Redirects are not followed: a login must never go where its server did not ask for it.</summary>
    /// <param name="authorities">PEM file with the only authorities to trust; null = the system's. Throws <see cref="UnreachableException"/> when it is none.</param>
    /// <param name="direct">Past the proxy, for what runs on this machine.</param>
    public static HttpMessageInvoker Create(string? authorities = null, bool direct = false) => new(CreateHandler(authorities, direct));

    /// <summary>The same for who puts something in front of it.</summary>
    /// <param name="authorities">As in <see cref="Create"/>.</param>
    /// <param name="direct">As in <see cref="Create"/>.</param>
    public static HttpMessageHandler CreateHandler(string? authorities = null, bool direct = false) => new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        UseCookies = false,
        UseProxy = !direct,
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        SslOptions = authorities is null ? new() : Trusting(authorities),
    };

    /// <summary>Whether a host is this machine, the only one that plain http is spoken with.</summary>
    public static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>TLS that trusts the authorities in a PEM file and no others.</summary>
    public static SslClientAuthenticationOptions Trusting(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UnreachableException($"the certificate authority in {file} cannot be read: {error.Message}", error);
        }

        return policy.CustomTrustStore.Count > 0 ? new() { CertificateChainPolicy = policy } : throw new UnreachableException($"{file} holds no certificate; it must be PEM");
    }
}
