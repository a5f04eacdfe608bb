using Orchestrator.Jobs;

namespace Orchestrator.Recovery;

/// <summary>What a failed trainer's last lines say.</summary>
/// <param name="Then">What it causes.</param>
/// <param name="Words">For a person: what was found, and what helps.</param>
/// <param name="IsOwn">By a rule of the spec; else by one that is built in.</param>
public sealed record LogFinding(LogRuleAction Then, string Words, bool IsOwn);
