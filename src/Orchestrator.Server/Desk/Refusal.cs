namespace Orchestrator.Server.Desk;

/// <summary>Why something a person asked for is refused; it decides the HTTP status and the exit code.</summary>
public enum Refusal
{
    None = 0,

    /// <summary>The request or spec is wrong: 422, exit 2.</summary>
    BadRequest,

    /// <summary>No such job, attempt, checkpoint: 404, exit 2.</summary>
    NotFound,

    /// <summary>Budget, no offer, state of the job or recovered mode forbid it: 409, exit 4.</summary>
    Policy,

    /// <summary>Something the server needs is away: 503, exit 3.</summary>
    Unavailable,
}
