namespace Orchestrator.Server.Api;

/// <param name="Host">As offers name it: <c>vast/58761</c>.</param>
/// <param name="Reason">For other people; null = none was given.</param>
/// <param name="Seconds">For how long; null = until it is pardoned.</param>
public sealed record HostBanRequest(string Host, string? Reason, double? Seconds);
