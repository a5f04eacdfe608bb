using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Sources;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary>What a spec's folders weigh as a submit would take them along: a plan need not assume what lies on this machine.</summary>
public static class LocalSizes
{
    private const int MostFiles = 100_000;

    /// <summary>Code and data together; null = some of it lies elsewhere, or a submit would not take it.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="folder">Of its file.</param>
    public static ByteSize? Of(JobSpec spec, string folder)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Code is { Kind: not CodeSourceKind.Folder } || spec.Data.Any(mount => mount.Kind != DataSourceKind.Folder))
        {
            return null;
        }

        IEnumerable<SourceWanted> wanted =
        [
            .. spec.Code is { Folder: { } from } code ? [new SourceWanted(Path.GetFullPath(from, folder), code.To, code.Include, code.Exclude, RespectGitignore: true)] : Array.Empty<SourceWanted>(),
            .. spec.Data.Select(mount => new SourceWanted(Path.GetFullPath(mount.From, folder), mount.To, mount.Include, mount.Exclude, RespectGitignore: false)),
        ];
        var (problems, notes, files, bytes) = (new List<string>(), ImmutableArray.CreateBuilder<Problem>(), 0, 0L);
        foreach (var source in wanted.Select(source => CheckpointFolder.LeaveOut(source, spec.Checkpoints?.Path, notes)))
        {
            var listed = SourceWalk.List(source, MostFiles - files, problems);
            files += listed.Count;
            bytes += listed.Sum(file => file.Size);
        }

        return problems.Count > 0 || files > MostFiles ? null : new ByteSize(bytes);
    }
}
