using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>How reliable an offer must be and what happens when it is not.</summary>
public sealed record ReliabilityPolicy
{
    public CapacityChoice Capacity { get; init; } = CapacityChoice.Auto;

    /// <summary>Null is chosen by run length.</summary>
    public HostTier? Tier { get; init; }

    /// <summary>Fraction 0 to 1; null is chosen by run length.</summary>
    public decimal? MinScore { get; init; }

    /// <summary>Only hosts that their provider has verified.</summary>
    public bool Verified { get; init; } = true;

    /// <summary>How long a host must have been listed.</summary>
    public TimeSpan MinSeen { get; init; } = TimeSpan.Zero;

    /// <summary>Upper-case ISO country codes, lower-case region names, !X excludes; empty is any.</summary>
    public ImmutableArray<string> Regions { get; init; } = [];

    /// <summary>provider/host.</summary>
    public ImmutableArray<string> ExcludeHosts { get; init; } = [];

    /// <summary>Interruptions after which only on-demand capacity is used.</summary>
    public int OnDemandAfter { get; init; } = 4;

    /// <summary>Interruptions after which the job fails; null is never.</summary>
    public int? GiveUpAfter { get; init; }

    /// <summary>Hosts store checkpoints for this long without us (the offline grace); what they would train after that is lost.</summary>
    public static readonly TimeSpan LongestHostLease = TimeSpan.FromHours(6);

    /// <summary>How long a host lives on without hearing from us.</summary>
    public TimeSpan HostLease { get; init; } = LongestHostLease;
}
