using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Images;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary>Settles at submit what every attempt must find the same: which stores are meant, and what code and data are.</summary>
public sealed class Pinning(StoreSet stores, BucketSources buckets, ImagePinning images)
{
    /// <summary>Null when <paramref name="problems"/> got an error.</summary>
    internal async Task<PinnedSpec?> PinAsync(JobSpec spec, string folder, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        var before = Errors(problems);
        var home = Place(spec.Checkpoints?.To ?? stores.DefaultName, "checkpoints.to", problems);
        var deliveries = Deliveries(spec, problems);
        var image = await images.PinAsync(spec, problems, cancellation);
        if (home is null || Errors(problems) > before)
        {
            return null;
        }

        try
        {
            var listed = await ListAsync(spec, problems, cancellation);
            if (Errors(problems) > before)
            {
                return null;
            }

            var upload = await new SourceUploader(stores.At(home)).UploadAsync(LocalOf(spec, folder), cancellation);
            problems.AddRange(upload.Problems.Select(words => JobService.Error("", words, "mend it and submit again")));
            return Errors(problems) > before ? null : new(
                new StoredSpec
                {
                    Spec = spec,
                    Image = image,
                    Store = home.ToString(),
                    Sources = [.. upload.Sources, .. listed.Select(one => one.Source)],
                    Origins = listed.ToImmutableSortedDictionary(one => one.Below, one => one.Place.ToString(), StringComparer.Ordinal),
                    Versions = listed.SelectMany(one => one.Versions).ToImmutableSortedDictionary(StringComparer.Ordinal),
                    Deliveries = deliveries,
                },
                upload.Uploaded,
                upload.UploadedBytes);
        }
        catch (StoreException refused)
        {
            problems.Add(JobService.Error("", refused.Message, "nothing was submitted"));
            return null;
        }
    }

    private static int Errors(ImmutableArray<Problem>.Builder problems) => problems.Count(problem => problem.Severity == Severity.Error);

    private ImmutableSortedDictionary<int, string> Deliveries(JobSpec spec, ImmutableArray<Problem>.Builder problems)
    {
        var deliveries = ImmutableSortedDictionary.CreateBuilder<int, string>();
        for (var i = 0; i < spec.Outputs.Length; i++)
        {
            if (spec.Outputs[i].To is { } to && Place(to, SpecPlaces.Item("outputs", i) + ".to", problems) is { } place)
            {
                deliveries.Add(i, place.ToString());
            }
        }

        return deliveries.ToImmutable();
    }

    private StorePlace? Place(string to, string path, ImmutableArray<Problem>.Builder problems)
    {
        var (place, words) = stores.Resolve(to);
        if (place is null)
        {
            problems.Add(JobService.Error(path, $"{path}: {words}", "name one of them as store or store/prefix, or add it to orchestrator.yaml"));
        }

        return place;
    }

    private async Task<List<BucketSource>> ListAsync(JobSpec spec, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        var listed = new List<BucketSource>();
        foreach (var mount in spec.Data.Where(mount => mount.Kind == DataSourceKind.S3))
        {
            listed.Add(await buckets.ListAsync(mount, listed.Count, cancellation));
            problems.AddRange(listed[^1].Problems.Select(words => JobService.Error("data", words, "mend it and submit again")));
        }

        return listed;
    }

    private static ImmutableArray<SourceWanted> LocalOf(JobSpec spec, string folder)
    {
        var wanted = ImmutableArray.CreateBuilder<SourceWanted>();
        if (spec.Code is { Kind: CodeSourceKind.Folder, Folder: { } code } source)
        {
            wanted.Add(new SourceWanted(Path.GetFullPath(code, folder), source.To, source.Include, source.Exclude, RespectGitignore: true));
        }

        foreach (var mount in spec.Data.Where(mount => mount.Kind == DataSourceKind.Folder))
        {
            wanted.Add(new SourceWanted(Path.GetFullPath(mount.From, folder), mount.To, mount.Include, mount.Exclude, RespectGitignore: false));
        }

        return wanted.ToImmutable();
    }
}
