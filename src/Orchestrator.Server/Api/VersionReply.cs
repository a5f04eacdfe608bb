namespace Orchestrator.Server.Api;

/// <param name="Version">Of the server.</param>
/// <param name="Pid">Of the server's process.</param>
/// <param name="StartedAt">When it began to listen.</param>
/// <param name="DataFolder">Where it keeps everything.</param>
/// <param name="Recovered">Null, or why it rents and destroys nothing until a person confirms.</param>
public sealed record VersionReply(string Version, int Pid, DateTimeOffset StartedAt, string DataFolder, string? Recovered);
