namespace Orchestrator.Jobs;

/// <summary>What a matching log line causes.</summary>
public enum LogRuleAction
{
    Fail,
    Restart,
    RetryElsewhere,
    Ignore,
}
