using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orchestrator.IntegrationTests.Agent.Portable;

/// <summary>A private certificate authority, as a company's own S3 has one.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _root;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public string Pem => _root.ExportCertificatePem() + "\n";

    /// <summary>For 127.0.0.1, or for another name that clients must not accept there.</summary>
    public X509Certificate2 Issue(string? otherName = null, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=store", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (otherName is null)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }
        else
        {
            names.AddDnsName(otherName);
        }

        request.CertificateExtensions.Add(names.Build());
        var end = until ?? DateTimeOffset.UtcNow.AddHours(12);
        using var issued = request.Create(_root, end.AddHours(-18), end, RandomNumberGenerator.GetBytes(8));
        using var whole = issued.CopyWithPrivateKey(key);
        // A key in memory only cannot be used by a TLS server everywhere.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }

    public void Dispose() => _root.Dispose();
}
