namespace Orchestrator.Server.Cli.Verbs;

/// <summary>How far a log has been printed; kept over connections.</summary>
internal sealed class LogPlace(int? attempt, long offset)
{
    /// <summary>Null = the newest one, until the server says which that is.</summary>
    public int? Attempt { get; set; } = attempt;

    public long Offset { get; set; } = offset;
}
