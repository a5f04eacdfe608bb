namespace Orchestrator.Server.Cli;

/// <summary>What every verb ends with.</summary>
public static class ExitCodes
{
    public const int Done = 0;
    public const int JobFailed = 1;

    /// <summary>Bad usage or spec.</summary>
    public const int Usage = 2;

    /// <summary>Not reachable or not authorised.</summary>
    public const int Unreachable = 3;

    /// <summary>Refused by policy: budget, no offer, the job's state.</summary>
    public const int Policy = 4;

    /// <summary>Stopped by a Ctrl-C, as shells have it.</summary>
    public const int Interrupted = 130;

    public static int OfStatus(int status) => status switch
    {
        400 or 404 or 405 or 413 or 415 or 422 => Usage,
        409 => Policy,
        _ => Unreachable,
    };

    /// <summary>Of a job that nobody needs to follow any more.</summary>
    public static int OfState(string state) => state switch
    {
        "succeeded" => Done,
        "paused" => Policy,
        _ => JobFailed,
    };
}
