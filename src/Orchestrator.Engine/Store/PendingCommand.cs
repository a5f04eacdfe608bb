using Orchestrator.Protocol;

namespace Orchestrator.Engine.Store;

/// <summary>A command to send in this channel, without the order and the secrets that are filled in on the way.</summary>
public sealed record PendingCommand(string Key, AgentCommand Command);
