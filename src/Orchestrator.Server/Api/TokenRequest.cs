namespace Orchestrator.Server.Api;

/// <summary>A token that is wanted.</summary>
/// <param name="Name">Its name; null = one is made up, for links only.</param>
/// <param name="Role">viewer, operator or admin; a link is a viewer's.</param>
/// <param name="Seconds">How long it opens something; null = until it is revoked, which a link may not.</param>
public sealed record TokenRequest(string? Name, string? Role, double? Seconds);
