namespace Orchestrator.Agent.Leasing;

/// <summary>The lease as it survives the agent's own death.</summary>
/// <param name="Until">By this host's clock.</param>
/// <param name="Destroy">Ends the instance; null = there is no such way.</param>
/// <param name="Seconds">Its whole length.</param>
internal sealed record KeptLease(DateTimeOffset Until, Uri? Destroy, double Seconds);
