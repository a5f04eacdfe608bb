namespace Orchestrator.Server.Api;

public sealed record SecretValue(string Value)
{
    /// <summary>A record prints its members; this one must not.</summary>
    public override string ToString() => "SecretValue";
}
