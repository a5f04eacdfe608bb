namespace Orchestrator.Rehearsals;

/// <summary>The instance that is destroyed on purpose: written down before it is.</summary>
/// <param name="Attempt">Whose it is.</param>
/// <param name="Provider">Who destroys it.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="Step">The last step it was heard at; null = it reports none.</param>
/// <param name="At">When it was decided.</param>
public sealed record RehearsalKill(int Attempt, string Provider, string InstanceId, long? Step, DateTimeOffset At);
