namespace Orchestrator.Jobs;

/// <summary>A line in the log that says what to do.</summary>
public sealed record LogRule
{
    /// <summary>Regular expression.</summary>
    public required string Match { get; init; }

    public required LogRuleAction Then { get; init; }
}
