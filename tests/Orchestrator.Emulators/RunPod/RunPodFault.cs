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
    /// <summary>The image is larger than a host takes, which shows at once.</summary>
    ImageTooLarge,
    /// <summary>It is pulled, and never done.</summary>
    StuckPulling,
    /// <summary>Its process ends again and again; the pod says RUNNING, with a port.</summary>
    CrashLoop,
    /// <summary>Its host's driver serves no CUDA as new as the image wants: it is started again and again.</summary>
    DriverTooOld,
    /// <summary>It runs, and nothing listens in it.</summary>
    NoSsh,
    /// <summary>It runs, its card is listed and fails whoever uses it.</summary>
    DeadCard,
    /// <summary>It runs, its card looks well, and no program can use it: CUDA is not ready.</summary>
    DeadCuda,
    /// <summary>The API is retired.</summary>
    Retired,
}
