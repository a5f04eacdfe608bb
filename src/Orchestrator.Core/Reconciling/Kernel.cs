using System.Collections.Immutable;

namespace Orchestrator.Reconciling;

/// <summary>The four pure functions that are the product's mind. Live ticks, replay and simulation call the same ones.</summary>
public static class Kernel
{
    /// <summary>What this observation means. Idempotent: decided again on the state it led to, with nothing new seen, it is empty.</summary>
    public static ImmutableArray<JobEvent> Decide(JobState state, Observation observation, Policies policies, DateTimeOffset now) =>
        throw new NotImplementedException();

    /// <summary>Total: every event applies to every state, or throws <see cref="InvalidOperationException"/> for one that cannot follow.</summary>
    public static JobState Apply(JobState state, JobEvent jobEvent) => throw new NotImplementedException();

    /// <summary>What committed state still owes the world, in the order to do it.</summary>
    public static ImmutableArray<Effect> Owed(JobState state) => throw new NotImplementedException();

    /// <summary>The next decision deadline (never a polling cadence); <see cref="DateTimeOffset.MaxValue"/> = none.</summary>
    public static DateTimeOffset NextDue(JobState state, Policies policies, DateTimeOffset now) => throw new NotImplementedException();
}
