using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Orchestrator.Agent.Transfers;

/// <summary>Why a store's certificate is refused, for a person: what to change differs with the reason.</summary>
internal static class CertificateProblem
{
    private const X509ChainStatusFlags NoAuthority = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <param name="host">Whom we meant to reach.</param>
    /// <param name="certificate">What it showed.</param>
    /// <param name="chain">How far it could be followed.</param>
    /// <param name="errors">What is wrong.</param>
    /// <param name="authorities">How many authorities the server named; null = it named no list, the image's own count.</param>
    public static string Words(string host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, int? authorities)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return $"{host} shows no certificate";
        }

        var flags = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError;
        if ((flags & NoAuthority) != 0)
        {
            var known = authorities is null ? "this image's own authorities" : $"the {authorities} authorities that the server trusts";
            return $"the certificate of {host} is not trusted: its authority \"{Short(certificate.Issuer)}\" is not among {known}; give the store its CA file (ca: in orchestrator.yaml)";
        }

        if (flags.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the certificate of {host} is not trusted: it, or one above it, is not valid at {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, which is what this host's clock says; set the clock or renew the certificate");
        }

        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"the certificate of {host} is not trusted: it is made out to another name, \"{Short(certificate.Subject)}\""
            : $"the certificate of {host} is not trusted: {flags}";
    }

    private static string Short(string name) => name.Length <= 100 ? name : name[..100] + "…";
}
