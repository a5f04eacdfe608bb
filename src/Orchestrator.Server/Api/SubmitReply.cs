using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <param name="Job">The accepted job.</param>
/// <param name="Notes">Warnings of the validator, one line each.</param>
public sealed record SubmitReply(JobRef Job, ImmutableArray<string> Notes);
