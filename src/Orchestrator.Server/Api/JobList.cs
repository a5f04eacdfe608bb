using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

public sealed record JobList(ImmutableArray<JobSummary> Jobs);
