namespace Orchestrator.Emulators;

/// <summary>What one call meets at any API, whatever it is: the line, the edge and the gateway in front of it.</summary>
public enum CallFault
{
    /// <summary>A gateway's page, 502, without acting.</summary>
    BadGateway,
    /// <summary>A page of an internal error, 500, after it has acted.</summary>
    ErrorAfterwards,
    /// <summary>It acts, and the connection is cut.</summary>
    AnswerLost,
    /// <summary>It acts, and answers after <see cref="Interference.Slowness"/>.</summary>
    Slow,
}
