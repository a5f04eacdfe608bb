namespace Orchestrator.Providers;

/// <summary>Where an instance's agent is. Engine knows how to dial each kind.</summary>
public abstract record HostEndpoint;
