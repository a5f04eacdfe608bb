using System.Collections.Immutable;
using Orchestrator.Reconciling;

namespace Orchestrator.Tests.Properties;

/// <summary>The kernel as a world sees it, so that a test can break one rule on purpose.</summary>
public sealed record Mind
{
    public static readonly Mind Sound = new();

    public Func<JobState, Observation, Policies, DateTimeOffset, ImmutableArray<JobEvent>> Decide { get; init; } = Kernel.Decide;

    public Func<JobState, ImmutableArray<Effect>> Owed { get; init; } = Kernel.Owed;

    public Func<JobState, Policies, DateTimeOffset, bool> WantsOffers { get; init; } = Kernel.WantsOffers;

    /// <summary>Whether Decide itself is checked (at rest, blind): a broken rule would show there first, before the harm that is looked for.</summary>
    public bool IsDecideChecked { get; init; } = true;

    /// <summary>The server checks its lease before it sends.</summary>
    public bool Fenced { get; init; } = true;

    /// <summary>A create call belongs to the tick that appended its cause.</summary>
    public bool LaunchOnlyByCause { get; init; } = true;
}
