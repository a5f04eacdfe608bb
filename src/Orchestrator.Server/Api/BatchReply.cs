namespace Orchestrator.Server.Api;

/// <param name="Name">The batch's.</param>
/// <param name="Jobs">How many were asked.</param>
/// <param name="Text">What happens now.</param>
public sealed record BatchReply(string Name, int Jobs, string Text);
