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
    /// <param name="spec">The job.</param>
    /// <param name="folder">That relative paths start from.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="kept">What a former job of the same spec had pinned already; null = there is none.</param>
    internal async Task<PinnedSpec?> PinAsync(JobSpec spec, string folder, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation, KeptPins? kept = null)
    {
        var before = Errors(problems);
        var home = DeliveryPlaces.Place(spec.Checkpoints?.To ?? kept?.Store ?? stores.DefaultName, stores, "checkpoints.to", problems);
        var deliveries = DeliveryPlaces.Of(spec, stores, problems);
        SensitivePlaces.Check(
            spec, [.. home is null ? [] : ((string, string)[])[("checkpoints.to", home.ToString())], .. deliveries.Select(one => ($"outputs[{one.Key}].to", one.Value))], stores, problems);
        var image = kept?.Image(spec) ?? await images.PinAsync(spec, problems, cancellation);
        if (home is null || Errors(problems) > before)
        {
            return null;
        }

        try
        {
            using var scratch = folders.Create();
            var (code, data) = (kept?.Code(spec, home), kept?.Data(spec, home));
            var anew = spec with { Code = code is null ? spec.Code : null, Data = data is null ? spec.Data : [] };
            var pinned = await sources.PinAsync(anew, folder, scratch.Path, problems, cancellation);
            var former = data is null ? null : kept!.Former;
            SensitivePlaces.Check(spec, pinned.Listed.Select(one => one.Origin).Concat(former?.Origins.Values ?? []).Select(origin => ("data", origin)), stores, problems);
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
                    Commit = code is null ? pinned.Commit : kept!.Former.Commit,
                    Store = home.ToString(),
                    // The code's comes first, kept or new: see KeptPins.
                    Sources = [.. code ?? [], .. upload.Sources, .. pinned.Listed.Select(one => one.Source), .. data ?? []],
                    Origins = former?.Origins ?? pinned.Listed.ToImmutableSortedDictionary(one => one.Below, one => one.Origin, StringComparer.Ordinal),
                    Versions = former?.Versions ?? pinned.Listed.SelectMany(one => one.Versions).ToImmutableSortedDictionary(StringComparer.Ordinal),
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
