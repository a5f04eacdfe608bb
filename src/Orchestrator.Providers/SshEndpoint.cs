namespace Orchestrator.Providers;

/// <summary>An instance on a machine that is reached over SSH.</summary>
/// <param name="Machine">How to get there.</param>
/// <param name="Root">The instance's folder there, the agent's <c>--root</c>.</param>
/// <param name="AgentPath">The agent's executable there.</param>
public sealed record SshEndpoint(MachineAddress Machine, string Root, string AgentPath) : HostEndpoint
{
    /// <summary>The instance is itself the job's container: the agent is brought there once it can be entered.</summary>
    public bool IsOurContainer { get; init; }

    /// <summary>The machine was rented for this one instance: books and agent are brought there once it can be entered.</summary>
    public bool IsOurMachine { get; init; }
}
