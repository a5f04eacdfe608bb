namespace Orchestrator.Server.Api;

/// <param name="Name">The batch's.</param>
/// <param name="Jobs">How many it has.</param>
public sealed record BatchRef(string Name, int Jobs);
