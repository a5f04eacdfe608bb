using Orchestrator.Providers;

namespace Orchestrator.Engine.Observing;

/// <summary>One listing of one account.</summary>
/// <param name="AskedAt">When the call began, on the database's clock.</param>
/// <param name="Seen">All that carry a label of ours, and the hosts it speaks for.</param>
public sealed record Listing(DateTimeOffset AskedAt, InstanceList Seen)
{
    public IReadOnlyList<ListedInstance> Instances => Seen.Instances;
}
