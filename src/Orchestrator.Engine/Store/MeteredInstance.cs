using Orchestrator.Jobs;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Store;

/// <summary>An instance with what it has cost by our meter, and by its provider's word.</summary>
public sealed record MeteredInstance
{
    public required JobId Job { get; init; }

    public required string JobName { get; init; }

    /// <summary>Null = the job has no limit.</summary>
    public Money? Budget { get; init; }

    public required int Attempt { get; init; }

    public required string InstanceId { get; init; }

    public bool Extra { get; init; }

    public required string Provider { get; init; }

    public string? Host { get; init; }

    public required InstanceCost Cost { get; init; }

    /// <summary>It is gone, and its figure never changes any more.</summary>
    public bool Frozen { get; init; }

    /// <summary>What the provider has published so far; null = nothing.</summary>
    public Money? Charged { get; init; }

    /// <summary>Nobody asks for it any more.</summary>
    public bool Settled { get; init; }
}
