namespace Orchestrator.Server.Api;

/// <summary>An instance that is rented now, or a machine of one's own in use.</summary>
/// <param name="Job">Whose it is.</param>
/// <param name="Attempt">The attempt on it.</param>
/// <param name="Lease">What it does alone; null = it costs nothing.</param>
public sealed record RentedView(JobRef Job, AttemptDetails Attempt, LeaseView? Lease);
