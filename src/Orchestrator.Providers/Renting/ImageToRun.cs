namespace Orchestrator.Providers.Renting;

/// <summary>The image a rented container is made of, and the login that goes with its pull and nowhere else.</summary>
/// <param name="Reference">As Docker understands it.</param>
/// <param name="Registry">The registry's host, for the login.</param>
/// <param name="User">Null = none.</param>
/// <param name="Password">Never printed.</param>
public sealed record ImageToRun(string Reference, string? Registry = null, string? User = null, string? Password = null)
{
    public override string ToString() => Reference;
}
