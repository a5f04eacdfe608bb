namespace Orchestrator.Tests.Properties;

/// <summary>What a fleet breaks on purpose when a host passes from one job to another; its checks must notice.</summary>
public enum BatchSabotage
{
    None,

    /// <summary>The heir's half is written down, the giver's is not.</summary>
    GiverKeepsIt,

    /// <summary>The giver's half is written down, the heir's is not.</summary>
    HeirForgetsIt,
}
