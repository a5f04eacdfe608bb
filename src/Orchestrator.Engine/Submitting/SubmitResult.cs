using System.Collections.Immutable;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <param name="Job">Null = refused, see <paramref name="Problems"/>.</param>
/// <param name="Name">The job's name.</param>
/// <param name="FileName">What places are given in.</param>
/// <param name="Problems">Errors and notes, in order of place.</param>
/// <param name="Unavailable">Those of them that name a field of a later release, which refuses a submit.</param>
/// <param name="Uploaded">Files of code and data that were not in the store yet.</param>
/// <param name="UploadedBytes">Their size.</param>
public sealed record SubmitResult(
    JobId? Job, string Name, string FileName, ImmutableArray<Problem> Problems, ImmutableArray<Problem> Unavailable, int Uploaded, long UploadedBytes)
{
    /// <summary>One problem as <c>validate</c> prints it.</summary>
    public string Line(Problem problem) => ProblemPrinter.Line(FileName, problem);
}
