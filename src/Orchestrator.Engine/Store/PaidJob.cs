using System.Collections.Immutable;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <param name="State">The job.</param>
/// <param name="Alerts">At which shares of its budget a person is told.</param>
/// <param name="Now">The instant of reading.</param>
public sealed record PaidJob(JobState State, ImmutableArray<decimal> Alerts, DateTimeOffset Now);
