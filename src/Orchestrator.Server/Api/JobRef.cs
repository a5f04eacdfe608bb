namespace Orchestrator.Server.Api;

public sealed record JobRef(long Id, string Name);
