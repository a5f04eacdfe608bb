namespace Orchestrator.Server.Api;

/// <param name="Host">As offers name it: <c>vast/58761</c>.</param>
public sealed record HostPardonRequest(string Host);
