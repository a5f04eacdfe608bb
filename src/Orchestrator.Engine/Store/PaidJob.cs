using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <param name="Id">The job.</param>
/// <param name="State">Null = what is stored of it cannot be read.</param>
/// <param name="Alerts">At which shares of its budget a person is told.</param>
/// <param name="Now">The instant of reading.</param>
/// <param name="Unreadable">Why not.</param>
public sealed record PaidJob(JobId Id, JobState? State, ImmutableArray<decimal> Alerts, DateTimeOffset Now, string? Unreadable);
