using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Images;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary>Settles at submit what every attempt must find the same: which stores are meant, and what code and data are.</summary>
public sealed class Pinning(StoreSet stores, SourcePinning sources, ImagePinning images, ScratchFolders folders)
{
    /// <summary>Null when <paramref name="problems"/> got an error.</summary>
    internal async Task<PinnedSpec?> PinAsync(JobSpec spec, string folder, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        var before = Errors(problems);
        var home = DeliveryPlaces.Place(spec.Checkpoints?.To ?? stores.DefaultName, stores, "checkpoints.to", problems);
        var deliveries = DeliveryPlaces.Of(spec, stores, problems);
        SensitivePlaces.Check(
            spec, [.. home is null ? [] : ((string, string)[])[("checkpoints.to", home.ToString())], .. deliveries.Select(one => ($"outputs[{one.Key}].to", one.Value))], stores, problems);
        var image = await images.PinAsync(spec, problems, cancellation);
        if (home is null || Errors(problems) > before)
        {
            return null;
        }

        try
        {
            using var scratch = folders.Create();
            var pinned = await sources.PinAsync(spec, folder, scratch.Path, problems, cancellation);
            SensitivePlaces.Check(spec, pinned.Listed.Select(one => ("data", one.Origin)), stores, problems);
            if (Errors(problems) > before)
            {
                return null;
            }

            var upload = await new SourceUploader(stores.At(home)).UploadAsync(pinned.Local, cancellation);
            problems.AddRange(upload.Problems.Select(words => JobService.Error("", pinned.Named(words), "mend it and submit again")));
            return Errors(problems) > before ? null : new(
                new StoredSpec
                {
                    Spec = spec,
                    Image = image,
                    Commit = pinned.Commit,
                    Store = home.ToString(),
                    Sources = [.. upload.Sources, .. pinned.Listed.Select(one => one.Source)],
                    Origins = pinned.Listed.ToImmutableSortedDictionary(one => one.Below, one => one.Origin, StringComparer.Ordinal),
                    Versions = pinned.Listed.SelectMany(one => one.Versions).ToImmutableSortedDictionary(StringComparer.Ordinal),
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
}
