namespace Orchestrator.Providers;

/// <summary>An instance on this machine.</summary>
/// <param name="Root">The instance's folder, the agent's <c>--root</c>.</param>
/// <param name="AgentPath">The agent's executable there.</param>
public sealed record LocalEndpoint(string Root, string AgentPath) : HostEndpoint;
