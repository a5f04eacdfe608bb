using Orchestrator.Providers.Renting;

namespace Orchestrator.Tests.Providers.Vast;

internal sealed class TestKeys : IReachKeys
{
    private static readonly byte[] _secret = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];

    public string LoginKey { get; init; } = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ orchestrator\n";

    public string? LoginKeyFile => "/keys/login";

    public DerivedKey HostKeyOf(string label) => DerivedKey.Of(_secret, "host key of " + label);
}
