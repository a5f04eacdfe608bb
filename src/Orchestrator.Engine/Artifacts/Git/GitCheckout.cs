namespace Orchestrator.Engine.Artifacts.Git;

/// <param name="Folder">The repository's files.</param>
/// <param name="Commit">What they are, in full.</param>
/// <param name="Notes">For the person who submits.</param>
public sealed record GitCheckout(string Folder, string Commit, IReadOnlyList<string> Notes);
