namespace Orchestrator.Emulators.RunPod;

/// <summary>What one call meets instead of, or after, being served.</summary>
public enum RunPodFault
{
    /// <summary>429 with a time to wait, without acting.</summary>
    TooMany,
    /// <summary>A page of the edge, 403: a burst, not a bad key.</summary>
    EdgePage,
    /// <summary>A gateway's page, 502, without acting.</summary>
    BadGateway,
    /// <summary>500 after it has acted.</summary>
    ErrorAfterwards,
    /// <summary>It acts, and the connection is cut.</summary>
    AnswerLost,
    /// <summary>There is none left, whatever the catalogue said.</summary>
    NoCapacity,
    /// <summary>The image cannot be pulled, which shows a while after the create.</summary>
    PullFails,
    /// <summary>The API is retired.</summary>
    Retired,
}
