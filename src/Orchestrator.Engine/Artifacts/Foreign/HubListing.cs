namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>What of a repository is staged, and how.</summary>
/// <param name="Linked">Fetched by hosts from where it lies; null = nothing is.</param>
/// <param name="Carried">Put into the job's own store first; null = nothing is.</param>
internal sealed record HubListing(ListedSource? Linked, SourceWanted? Carried);
