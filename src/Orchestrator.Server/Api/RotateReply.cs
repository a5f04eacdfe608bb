namespace Orchestrator.Server.Api;

/// <param name="KeyId">Of the new key.</param>
/// <param name="Secrets">How many are sealed with it now.</param>
public sealed record RotateReply(string KeyId, int Secrets);
