using System.Security.Cryptography;
using System.Text;
using Orchestrator.Engine.Security;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Engine.Hosts;

/// <summary>The keys of rented instances, and ours to log in with: all follow from one secret that every server of the installation has.</summary>
public sealed class ReachKeys : IReachKeys
{
    private readonly byte[] _secret;

    /// <param name="secret">The same on every server, for as long as anything runs that was rented with it.</param>
    /// <param name="folder">Takes the file of the login key.</param>
    public ReachKeys(byte[] secret, string folder)
    {
        _secret = secret;
        var login = DerivedKey.Of(secret, "login");
        LoginKey = login.PublicKey + " orchestrator";
        // Of another secret it is another file: a server never logs in with a key that it does not hand out.
        LoginKeyFile = Path.Combine(folder, $"login-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(login.Fingerprint)))[..12]}.pem");
        PrivateFile.TryCreate(LoginKeyFile, login.Pem);
    }

    public string LoginKey { get; }

    public string? LoginKeyFile { get; }

    public DerivedKey HostKeyOf(string label) => DerivedKey.Of(_secret, "host key of " + label);
}
