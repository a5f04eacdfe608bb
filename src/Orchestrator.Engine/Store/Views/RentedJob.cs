using System.Collections.Immutable;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store.Views;

/// <summary>A job with an instance.</summary>
/// <param name="Id">The job's.</param>
/// <param name="Name">The job's.</param>
/// <param name="State">As the kernel sees it.</param>
/// <param name="SpecJson">What was submitted.</param>
/// <param name="Now">The instant of the look.</param>
/// <param name="Attempts">All of them, oldest first.</param>
public sealed record RentedJob(long Id, string Name, JobState State, string SpecJson, DateTimeOffset Now, ImmutableArray<AttemptView> Attempts);
