using System.IO.Hashing;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Orchestrator.Agent.Transfers;

/// <summary>
/// The certificate authorities that the server has told us to trust with stores. Images often have none of their own, and
/// never those of a private store.
/// </summary>
internal sealed class TrustedAuthorities
{
    private readonly string _path;
    private volatile string? _hash;

    public TrustedAuthorities(string path)
    {
        _path = path;
        _hash = AtomicFile.Read(path) is { } kept ? HashOf(kept) : null;
    }

    /// <summary>Of what is kept; null = nothing was sent yet, the image's own certificates count.</summary>
    public string? Hash => _hash;

    public void Take(string authorities)
    {
        var bytes = Encoding.UTF8.GetBytes(authorities);
        AtomicFile.Write(_path, bytes);
        _hash = HashOf(bytes);
    }

    /// <summary>Null = the image's own.</summary>
    /// <exception cref="StoreException">Transient: what was sent is no list of certificates.</exception>
    public X509Certificate2Collection? Read()
    {
        if (_hash is null || AtomicFile.Read(_path) is not { } kept)
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(Encoding.UTF8.GetString(kept));
        }
        catch (CryptographicException e)
        {
            throw new StoreException(StoreFault.Transient, $"the list of trusted authorities that the server sent cannot be read: {e.Message}");
        }

        return authorities;
    }

    private static string HashOf(ReadOnlySpan<byte> bytes) => FileHash.Text(XxHash128.HashToUInt128(bytes));
}
