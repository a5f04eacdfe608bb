using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <param name="Job">Null = refused, see <paramref name="Problems"/>.</param>
/// <param name="Name">The job's name.</param>
/// <param name="Problems">Errors and notes, in order of place.</param>
/// <param name="Uploaded">Files of code and data that were not in the store yet.</param>
/// <param name="UploadedBytes">Their size.</param>
public sealed record SubmitResult(JobId? Job, string Name, ImmutableArray<Problem> Problems, int Uploaded, long UploadedBytes);
