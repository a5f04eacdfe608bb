namespace Orchestrator.Server.Cli.Rehearsing;

/// <summary>What <c>rehearse</c> ends with.</summary>
internal static class RehearsalExit
{
    /// <param name="outcome">As the API spells it.</param>
    internal static int Of(string outcome) => outcome switch
    {
        "weekend-ready" => ExitCodes.Done,
        "money-spent" or "no-offer" => ExitCodes.Policy,
        "stopped" => ExitCodes.Interrupted,
        _ => ExitCodes.JobFailed,
    };
}
