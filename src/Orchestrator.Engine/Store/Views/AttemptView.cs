using System.Collections.Immutable;
using Orchestrator.Attempts;

namespace Orchestrator.Engine.Store.Views;

/// <summary>An attempt with what its channel knows.</summary>
public sealed record AttemptView
{
    public required Attempt Attempt { get; init; }

    /// <summary>Cost until now, final once it has ended.</summary>
    public required Money Cost { get; init; }

    /// <summary>What its machine costs beside that should it turn out to hold an instance; counted nowhere.</summary>
    public Money Unsettled { get; init; }

    /// <summary>The server that holds its channel; null = none.</summary>
    public string? ChannelOwner { get; init; }

    public bool Connected { get; init; }

    public DateTimeOffset? LastHeardAt { get; init; }

    /// <summary>The protocol's minor that its agent speaks; null = it has not answered yet.</summary>
    public int? AgentMinor { get; init; }

    /// <summary>Its host was given no key with which it could end itself.</summary>
    public bool Keyless { get; init; }

    /// <summary>Name of a <c>TrainerStatus</c>.</summary>
    public string? Trainer { get; init; }

    public long? Step { get; init; }

    public long? TotalSteps { get; init; }

    public DateTimeOffset? ProgressAt { get; init; }

    public ImmutableSortedDictionary<string, double> Metrics { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>Bytes.</summary>
    public long? DiskFree { get; init; }

    /// <summary>What the agent does beside training, in the host's words.</summary>
    public string? Activity { get; init; }

    /// <summary>Bytes of log stored.</summary>
    public long LogLength { get; init; }
}
