namespace Orchestrator.Emulators.Lambda;

/// <summary>What one call meets instead of, or after, being served.</summary>
public enum LambdaFault
{
    /// <summary>429, without acting.</summary>
    TooMany,
    /// <summary>500 in its own form, without acting.</summary>
    OwnFailure,
    /// <summary>A gateway's page, 502, without acting.</summary>
    BadGateway,
    /// <summary>502 after it has acted.</summary>
    ErrorAfterwards,
    /// <summary>It acts, and the connection is cut.</summary>
    AnswerLost,
    /// <summary>There is none left, whatever the types said.</summary>
    NoCapacity,
    /// <summary>It is launched, and never done booting.</summary>
    NeverBoots,
    /// <summary>It boots, and nothing listens on it.</summary>
    NoSsh,
    /// <summary>It boots, by a driver that knows no CUDA as new as the image's.</summary>
    OldDriver,
    /// <summary>It boots, its card is listed and fails whoever uses it.</summary>
    DeadCard,
    /// <summary>It boots, its card looks well, and no program can use it: CUDA error 802, "system not yet initialized".</summary>
    DeadCuda,
    /// <summary>A page of the edge, 403: a burst, not a bad key.</summary>
    EdgePage,
    /// <summary>403: the account was closed.</summary>
    AccountInactive,
}
