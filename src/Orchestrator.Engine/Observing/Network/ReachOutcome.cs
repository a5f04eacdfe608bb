namespace Orchestrator.Engine.Observing.Network;

/// <summary>How a try to reach a peer ended. Of several addresses of one peer the greatest counts.</summary>
public enum ReachOutcome
{
    /// <summary>It was not tried.</summary>
    None = 0,
    /// <summary>This machine itself has no way there: its routing table says so, and nothing was sent.</summary>
    NoRoute,
    /// <summary>Nothing came back, or somebody on the way said that it cannot be reached.</summary>
    NoAnswer,
    /// <summary>It says nothing of the network: a name that does not exist, a rule of this machine's firewall.</summary>
    Unclear,
    /// <summary>Something over there answered, be it with a refusal.</summary>
    Answered,
}
