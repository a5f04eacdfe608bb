using System.Collections.Immutable;
using System.Text;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary>
/// The checkpoint folder often lies inside the code's, and holds there what a run on this machine has left. It stays at home: on a host
/// it would be taken for a checkpoint of the job.
/// </summary>
internal static class CheckpointFolder
{
    /// <summary>The source without it; a note where there is something to leave out.</summary>
    public static SourceWanted LeaveOut(SourceWanted source, string? checkpoints, ImmutableArray<Problem>.Builder problems)
    {
        var to = source.To.TrimEnd('/') + "/";
        if (checkpoints is null || !checkpoints.StartsWith(to, StringComparison.Ordinal) || checkpoints[to.Length..].Trim('/') is not { Length: > 0 } below)
        {
            return source;
        }

        var here = Path.Combine(source.Folder, below);
        if (Path.Exists(here))
        {
            problems.Add(JobService.Note(
                "checkpoints.path", $"{below} of {source.Folder} is not taken along: on the host it is the checkpoint folder", "the job begins without those files"));
        }

        return source with { Exclude = [.. source.Exclude, "/" + Literal(below)] };
    }

    /// <summary>As a pattern that means this name only.</summary>
    private static string Literal(string path)
    {
        var text = new StringBuilder(path.Length);
        foreach (var character in path)
        {
            text.Append(character is '*' or '?' or '[' or ']' or '\\' or ' ' ? "\\" : "").Append(character);
        }

        return text.ToString();
    }
}
