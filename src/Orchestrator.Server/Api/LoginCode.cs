namespace Orchestrator.Server.Api;

/// <param name="Url">A link that signs one browser in, once.</param>
/// <param name="ExpiresAt">Last instant of its validity.</param>
public sealed record LoginCode(string Url, DateTimeOffset ExpiresAt);
