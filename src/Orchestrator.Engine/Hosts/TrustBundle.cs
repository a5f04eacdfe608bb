using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Orchestrator.Engine.Hosts;

/// <summary>
/// The certificate authorities that agents are told to trust: those of this machine and those of private stores. Images often
/// have none, and a list of ours would grow old.
/// </summary>
/// <param name="Pem">Certificates, one after the other.</param>
/// <param name="Hash">XXH128 of it.</param>
public sealed record TrustBundle(string Pem, string Hash)
{
    /// <summary>Where systems keep theirs: Debian, Ubuntu, Alpine; Fedora, RHEL; openSUSE.</summary>
    private static readonly string[] _places = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"];

    /// <summary>Read anew each time: both the machine's list and a private authority may be renewed. Null = there is none at all.</summary>
    /// <exception cref="IOException">A configured file cannot be read.</exception>
    public static TrustBundle? Read(IReadOnlyList<string> storeAuthorities)
    {
        ArgumentNullException.ThrowIfNull(storeAuthorities);
        var machine = Environment.GetEnvironmentVariable("SSL_CERT_FILE") is { Length: > 0 } named ? named : _places.FirstOrDefault(File.Exists);
        var text = new StringBuilder();
        foreach (var file in machine is null ? storeAuthorities : [machine, .. storeAuthorities])
        {
            text.Append(File.ReadAllText(file));
            if (text.Length > 0 && text[^1] != '\n')
            {
                text.Append('\n');
            }
        }

        var pem = text.ToString();
        return pem.Length == 0 ? null : new TrustBundle(pem, XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(pem)).ToString("x32", CultureInfo.InvariantCulture));
    }
}
