namespace Orchestrator.Emulators.Lambda;

/// <summary>What one call meets instead of, or after, being served.</summary>
public enum LambdaFault
{
    /// <summary>429, without acting.</summary>
    TooMany,
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
    /// <summary>403: the account was closed.</summary>
    AccountInactive,
}
