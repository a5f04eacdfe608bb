namespace Orchestrator.Engine.Artifacts.Foreign;

/// <param name="Commit">In full.</param>
/// <param name="IsOpen">Anybody may read it, without a token.</param>
internal sealed record HubRevision(string Commit, bool IsOpen);
