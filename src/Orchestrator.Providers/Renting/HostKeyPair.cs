using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Providers.Renting;

/// <summary>
/// The key an instance of ours shows: made before it is rented, so that it is pinned before the first connection. It follows from the
/// installation's secret and the label, so any server knows it and nothing has to be stored.
/// </summary>
/// <param name="PrivateKey">SEC1, base64 without line breaks; sshd reads it as PEM.</param>
/// <param name="Fingerprint"><c>SHA256:...</c>, as OpenSSH prints it.</param>
public sealed record HostKeyPair(string PrivateKey, string Fingerprint)
{
    private const string Kind = "ecdsa-sha2-nistp256";

    /// <param name="secret">Of the installation; never leaves it.</param>
    /// <param name="label">The instance's label.</param>
    public static HostKeyPair Of(ReadOnlySpan<byte> secret, string label)
    {
        var scalar = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.ToArray(), 32, info: Encoding.UTF8.GetBytes("ssh host key of " + label));
        // Below the order of the curve, whatever was drawn, and never zero.
        scalar[0] &= 0x7f;
        scalar[31] |= 1;
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
        return new(Convert.ToBase64String(key.ExportECPrivateKey()), FingerprintOf(key.ExportParameters(false).Q));
    }

    /// <summary>The private half is no part of any message.</summary>
    public override string ToString() => Fingerprint;

    private static string FingerprintOf(ECPoint point)
    {
        using var blob = new MemoryStream();
        Write(blob, Encoding.ASCII.GetBytes(Kind));
        Write(blob, "nistp256"u8);
        Write(blob, [4, .. point.X!, .. point.Y!]);
        return "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob.ToArray())).TrimEnd('=');
    }

    private static void Write(MemoryStream blob, ReadOnlySpan<byte> text)
    {
        blob.Write([(byte)(text.Length >> 24), (byte)(text.Length >> 16), (byte)(text.Length >> 8), (byte)text.Length]);
        blob.Write(text);
    }
}
