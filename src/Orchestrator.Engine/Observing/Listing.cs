using Orchestrator.Providers;

namespace Orchestrator.Engine.Observing;

/// <summary>One complete listing of one account.</summary>
/// <param name="AskedAt">When the call began, on the database's clock.</param>
/// <param name="Instances">All that carry a label of ours.</param>
public sealed record Listing(DateTimeOffset AskedAt, IReadOnlyList<ListedInstance> Instances);
