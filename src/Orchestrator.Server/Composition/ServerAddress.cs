namespace Orchestrator.Server.Composition;

/// <summary>Where this server is reached from this machine. Settled before anything starts: URLs are signed from it.</summary>
public sealed record ServerAddress(Uri Url);
