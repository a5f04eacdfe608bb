namespace Orchestrator.Server.Api;

public sealed record RecoverRequest(bool Confirm);
