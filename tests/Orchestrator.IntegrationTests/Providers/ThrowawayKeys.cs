using System.Security.Cryptography;
using Orchestrator.Providers.Renting;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Keys of a test that enters nothing.</summary>
internal sealed class ThrowawayKeys : IReachKeys
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    public string LoginKey => "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ test";

    public string? LoginKeyFile => null;

    public DerivedKey HostKeyOf(string label) => DerivedKey.Of(_secret, "host key of " + label);
}
