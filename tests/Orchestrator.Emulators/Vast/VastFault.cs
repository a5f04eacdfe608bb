namespace Orchestrator.Emulators.Vast;

/// <summary>What one call meets instead of, or after, being served.</summary>
public enum VastFault
{
    /// <summary>429 in plain words, without acting.</summary>
    TooFrequent,
    /// <summary>A page of the edge, 403: a burst, not a bad key.</summary>
    EdgePage,
    /// <summary>A gateway's page, 502, without acting.</summary>
    BadGateway,
    /// <summary>500 after it has acted.</summary>
    ErrorAfterwards,
    /// <summary>It acts, and the connection is cut.</summary>
    AnswerLost,
    /// <summary>The ask is gone when it is taken.</summary>
    OfferGone,
    /// <summary>Something went wrong on the server, without acting.</summary>
    ServerError,
    /// <summary>The container's card cannot be handed in: it stays in "created", stopped.</summary>
    BrokenCard,
    /// <summary>Its host's driver serves no CUDA as new as the image wants: it stays in "created", stopped.</summary>
    DriverTooOld,
    /// <summary>It is created, and never done loading.</summary>
    StuckLoading,
    /// <summary>It runs, and nothing listens in it.</summary>
    NoSsh,
    /// <summary>It runs, its card is listed and fails whoever uses it.</summary>
    DeadCard,
    /// <summary>It runs, its card looks well, and no program can use it: CUDA is not ready.</summary>
    DeadCuda,
    /// <summary>It runs, by a driver that knows no CUDA as new as the image's.</summary>
    OldDriver,
    /// <summary>Its process ends soon after each start, and the platform starts it again.</summary>
    CrashLoop,
    /// <summary>A destroy says that it is done, and is not.</summary>
    DestroyIgnored,
}
