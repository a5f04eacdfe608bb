using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orchestrator.Server.Cli.Contexts;

/// <summary>A certificate authority of one's own, as Caddy makes one where there is no public name.</summary>
internal static class PrivateAuthority
{
    /// <summary>The text of a PEM file that holds a certificate.</summary>
    internal static string Read(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            Options(text);
            return text;
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CliException(ExitCodes.Usage, $"the certificate authority in {path} cannot be read: {bad.Message}", "--ca wants a PEM file");
        }
    }

    /// <summary>TLS that trusts this authority and no other.</summary>
    internal static SslClientAuthenticationOptions Options(string pem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(pem);
        return policy.CustomTrustStore.Count > 0 ? new() { CertificateChainPolicy = policy } : throw new CryptographicException("it holds no certificate");
    }
}
