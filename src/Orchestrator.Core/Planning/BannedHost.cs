namespace Orchestrator.Planning;

/// <param name="Host">As offers name it: <c>vast/58761</c>.</param>
/// <param name="Why">For a person.</param>
/// <param name="Until">Null = until a person pardons it.</param>
public sealed record BannedHost(string Host, string Why, DateTimeOffset? Until = null);
