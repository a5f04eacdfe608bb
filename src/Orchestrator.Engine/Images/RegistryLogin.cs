namespace Orchestrator.Engine.Images;

/// <summary>A login for one registry. It goes with one pull and is stored nowhere, least of all on a host.</summary>
/// <param name="Host">The registry as images name it.</param>
/// <param name="User">Who.</param>
/// <param name="Password">With what; never printed.</param>
public sealed record RegistryLogin(string Host, string User, string Password)
{
    public override string ToString() => $"{User} at {Host}";
}
