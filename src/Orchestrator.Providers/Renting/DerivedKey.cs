using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Providers.Renting;

/// <summary>
/// An SSH key that follows from a secret and a purpose, so that whoever has the secret knows it and nothing has to be stored. The key
/// an instance must show is one of these: made before it is rented, it is pinned before the first connection.
/// </summary>
/// <param name="PrivateKey">SEC1, base64 without line breaks.</param>
/// <param name="PublicKey">A line of <c>authorized_keys</c>.</param>
/// <param name="Fingerprint"><c>SHA256:...</c>, as OpenSSH prints it.</param>
public sealed record DerivedKey(string PrivateKey, string PublicKey, string Fingerprint)
{
    private const string Kind = "ecdsa-sha2-nistp256";

    /// <summary>As a file that sshd and ssh read.</summary>
    public string Pem => PemEncoding.WriteString("EC PRIVATE KEY", Convert.FromBase64String(PrivateKey)) + "\n";

    /// <param name="secret">Never leaves the installation.</param>
    /// <param name="purpose">What it is for; another one gives another key.</param>
    public static DerivedKey Of(ReadOnlySpan<byte> secret, string purpose)
    {
        var scalar = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.ToArray(), 32, info: Encoding.UTF8.GetBytes("orchestrator ssh key, " + purpose));
        // Below the order of the curve, whatever was drawn, and never zero.
        scalar[0] &= 0x7f;
        scalar[31] |= 1;
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
        var blob = BlobOf(key.ExportParameters(false).Q);
        return new(Convert.ToBase64String(key.ExportECPrivateKey()), $"{Kind} {Convert.ToBase64String(blob)}", "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('='));
    }

    /// <summary>The private half is no part of any message.</summary>
    public override string ToString() => Fingerprint;

    private static byte[] BlobOf(ECPoint point)
    {
        using var blob = new MemoryStream();
        Write(blob, Encoding.ASCII.GetBytes(Kind));
        Write(blob, "nistp256"u8);
        Write(blob, [4, .. point.X!, .. point.Y!]);
        return blob.ToArray();
    }

    private static void Write(MemoryStream blob, ReadOnlySpan<byte> text)
    {
        blob.Write([(byte)(text.Length >> 24), (byte)(text.Length >> 16), (byte)(text.Length >> 8), (byte)text.Length]);
        blob.Write(text);
    }
}
