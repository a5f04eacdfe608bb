namespace Orchestrator.Offers;

/// <summary>How offers, bans and people name a machine of one's own: <c>ssh/NAME</c>.</summary>
public static class OwnMachines
{
    public const string Provider = "ssh";

    private const string Prefix = Provider + "/";

    public static string HostOf(string machine) => Prefix + machine;

    public static bool Has(string? host) => host is not null && host.StartsWith(Prefix, StringComparison.Ordinal);

    /// <returns>Null = a host of somebody else.</returns>
    public static string? MachineOf(string host) => Has(host) ? host[Prefix.Length..] : null;
}
