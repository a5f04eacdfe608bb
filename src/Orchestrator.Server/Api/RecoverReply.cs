namespace Orchestrator.Server.Api;

/// <param name="Recovered">Whether the server was in recovered mode and is out of it now.</param>
/// <param name="Text">One line.</param>
public sealed record RecoverReply(bool Recovered, string Text);
