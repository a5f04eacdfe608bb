using System.Collections.Immutable;
using Orchestrator.Reconciling;

namespace Orchestrator.Providers.SshHost;

/// <summary>The machines and how patient to be with them.</summary>
public sealed record SshHostOptions
{
    public required ImmutableArray<SshMachine> Machines { get; init; }

    /// <summary>The agent's executable on this machine; copied to the others.</summary>
    public required string AgentPath { get; init; }

    /// <summary>Null = nobody knows; whether the agent runs there shows when it is started.</summary>
    public AgentNeeds? AgentNeeds { get; init; }

    /// <summary>Longest a machine may take to say what runs there.</summary>
    public TimeSpan AskLimit { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>Longest a start or a destroy may take; below the create time-out and the engine's effect time-out.</summary>
    public TimeSpan ActLimit { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Longest the copy of the agent may take.</summary>
    public TimeSpan CopyLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest the removal of a few images may take.</summary>
    public TimeSpan TidyLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A machine that did not answer is left alone for this long.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Oldest inventory an offer is made of.</summary>
    public TimeSpan InventoryAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>An image that we pulled and that no instance has wanted for so long is removed from the machine.</summary>
    public TimeSpan ImageAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The same where Docker's disk has less than <see cref="ScarceDisk"/> left.</summary>
    public TimeSpan ImageAgeWhenScarce { get; init; } = TimeSpan.FromHours(1);

    public long ScarceDisk { get; init; } = 20L << 30;

    /// <summary>How long a caller that wants offers waits for a machine that is being prepared.</summary>
    public TimeSpan PrepareWait { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>A rental that would end sooner than this is not begun.</summary>
    public TimeSpan LeastRental { get; init; } = TimeSpan.FromMinutes(20);

    public ProviderTimings Timings { get; init; } = new()
    {
        CreateTimeout = TimeSpan.FromSeconds(40),
        Settling = TimeSpan.FromSeconds(5),
        Boot = TimeSpan.FromMinutes(2),
        Connect = TimeSpan.FromMinutes(2),
    };
}
