using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Artifacts.Sources;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Artifacts;

/// <summary>What an ended job delivered, as another one's data: it stays where it lies, listed when that is submitted, as an <c>s3://</c> source is.</summary>
public sealed class OutputSources(StoreSet stores)
{
    private const string Scheme = "job://";
    private const int MaxFiles = 100_000;
    private const int Mode = 0b110_100_100;

    /// <summary>Which job <c>job://name/outputs</c> means.</summary>
    public static string JobOf(DataMount mount) => Parts(mount)[0];

    /// <summary>
    /// Of the newest attempt that delivered anything, one source for each of its outputs. What a single output holds is put at the mount
    /// itself; several keep the folders that <c>fetch</c> shows. Throws <see cref="StoreException"/>.
    /// </summary>
    /// <param name="mount">Data of that kind.</param>
    /// <param name="job">The other job.</param>
    /// <param name="spec">Its stored spec.</param>
    /// <param name="index">Of the first source, see <see cref="BucketSources"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ImmutableArray<ListedSource>> ListAsync(DataMount mount, JobState job, StoredSpec spec, int index, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mount);
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(spec);
        if (!job.Phase.IsTerminal())
        {
            return [None(mount, $"{mount.From}: job {job.Name} has not ended ({job.Phase.ToString().ToLowerInvariant()}), and its outputs are not all there")];
        }

        var (newest, listed) = (await NewestAsync(job, spec, cancellation), ImmutableArray.CreateBuilder<ListedSource>());
        for (var number = 0; number < spec.Spec.Outputs.Length; number++)
        {
            var place = spec.Deliveries.TryGetValue(number, out var to) ? StorePlace.Parse(to) : newest is { } attempt ? Place(job, spec, attempt, number) : null;
            var named = spec.Spec.Outputs.Length == 1 ? "" : Folder(spec, number)[ObjectKeys.Outputs("").Length..];
            if (place is not null && await ListAsync(mount, place, named, index + listed.Count, cancellation) is { } source)
            {
                listed.Add(source);
            }
        }

        return listed.Count > 0 ? listed.ToImmutable() : [None(mount, $"{mount.From}: job {job.Name} delivered nothing of that name; orchestrator fetch {job.Name} shows what it did")];
    }

    /// <summary>The newest attempt that kept any of its outputs beside its checkpoints; what is delivered elsewhere is not an attempt's.</summary>
    private async Task<int?> NewestAsync(JobState job, StoredSpec spec, CancellationToken cancellation)
    {
        foreach (var attempt in job.Attempts.Reverse())
        {
            foreach (var number in Enumerable.Range(0, spec.Spec.Outputs.Length).Where(number => !spec.Deliveries.ContainsKey(number)))
            {
                var root = stores.MountAt("", Place(job, spec, attempt.Number, number));
                if (await root.Store.ListAsync(root.Prefix, cancellation).AnyAsync(cancellation))
                {
                    return attempt.Number;
                }
            }
        }

        return null;
    }

    private async Task<ListedSource?> ListAsync(DataMount mount, StorePlace place, string named, int index, CancellationToken cancellation)
    {
        var root = stores.MountAt("", place);
        var below = string.Create(CultureInfo.InvariantCulture, $"from/{index}/");
        var wanted = Parts(mount) is [_, _, { Length: > 0 } path] ? path.TrimEnd('/') : "";
        var (include, exclude) = (new PatternList("", mount.Include), new PatternList("", mount.Exclude));
        var files = new List<StageFile>();
        var versions = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        await foreach (var found in root.Store.ListAsync(root.Prefix, cancellation))
        {
            var rest = found.Key[root.Prefix.Length..];
            if (Under(wanted, named + rest) is not { } at || !(include.IsEmpty || include.Covers(at)) || exclude.Covers(at))
            {
                continue;
            }

            var key = below + rest;
            files.Add(new(at, key, found.Size, found.Hash ?? "", Mode));
            if (found.Version is { } version)
            {
                versions[key] = version;
            }

            if (files.Count > MaxFiles)
            {
                return None(mount, string.Create(CultureInfo.InvariantCulture, $"{mount.From}: more than {MaxFiles:N0} files; include fewer"));
            }
        }

        return files.Count == 0 ? null : new(new StageSource { To = mount.To, Files = [.. files] }, below, place.ToString(), versions.ToImmutable(), []);
    }

    /// <summary>Where a file is put below the mount: empty = it is the one that was named; null = it was not meant.</summary>
    private static string? Under(string wanted, string file) =>
        wanted.Length == 0 ? file : file == wanted ? "" : file.StartsWith(wanted + "/", StringComparison.Ordinal) ? file[(wanted.Length + 1)..] : null;

    private static StorePlace Place(JobState job, StoredSpec spec, int attempt, int number)
    {
        var home = StorePlace.Parse(spec.Store ?? StoreSet.BuiltIn);
        return home with { Prefix = home.Prefix + JobFolders.OfAttempt(job, attempt) + Folder(spec, number) };
    }

    private static string Folder(StoredSpec spec, int number) => OrderBuilder.OutputFolder(spec.Spec.Outputs[number], number);

    private static string[] Parts(DataMount mount) => mount.From[Scheme.Length..].Split('/', 3);

    private static ListedSource None(DataMount mount, string problem) =>
        new(new StageSource { To = mount.To, Files = [] }, "", StoreSet.BuiltIn, ImmutableSortedDictionary<string, string>.Empty, [problem]);
}
