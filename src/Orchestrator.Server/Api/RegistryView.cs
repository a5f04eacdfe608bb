namespace Orchestrator.Server.Api;

/// <param name="Name">As <c>registry-auth</c> calls it.</param>
/// <param name="Host">As images name it.</param>
/// <param name="User">Null = without a login.</param>
/// <param name="Password">Where it comes from, never itself.</param>
public sealed record RegistryView(string Name, string Host, string? User, string? Password)
{
    /// <summary>Its login may be given to rented hosts (<c>hosts: yes</c>).</summary>
    public bool Hosts { get; init; }
}
