using System.Collections.Immutable;
using System.Security.Cryptography;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Api;
using Orchestrator.Server.Configuration;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Desk;

/// <summary>The configured stores: what was found of them, and what of ours they hold.</summary>
public sealed class EngineStoreDesk(
    StoreSet stores, StoreProber prober, StoreRecords records, Installation installation, Func<S3Settings, S3Store> open, TimeProvider time) : IStoreDesk
{
    public async Task<ImmutableArray<StoreView>> ListAsync(CancellationToken cancellation)
    {
        var known = (await records.ListAsync(cancellation)).ToDictionary(record => record.Name, StringComparer.Ordinal);
        return
        [
            .. stores.All.Select(named =>
            {
                // What was found under other settings says nothing.
                var found = known.GetValueOrDefault(named.Name) is { } record && record.Settings == named.What ? record : null;
                return new StoreView(
                    named.Name, named.What, ProfileOf(named.Store), named.Name == stores.DefaultName, found is null ? "untried" : found.Result.Works ? "ok" : "bad", found?.Result.Problem, found?.ProbedAt, named.EgressPerGb.Dollars);
            }),
        ];
    }

    public async Task<ImmutableArray<DoctorCheck>> TestAsync(string? name, CancellationToken cancellation) =>
    [
        .. await Task.WhenAll(Wanted(name).Select(async named => StoreChecks.Describe(named, named.Name == stores.DefaultName, await prober.ProbeAsync(named, cancellation)))),
    ];

    public async Task<DoctorCheck> TryAsync(string yaml, CancellationToken cancellation)
    {
        if (DraftReader.Read(yaml).Stores is not [var entry])
        {
            throw new DeskException(Refusal.BadRequest, "exactly one store can be tried at a time", "for example: stores: {lab: {bucket: my-checkpoints}}");
        }

        if (stores.Has(entry.Name))
        {
            throw new DeskException(Refusal.BadRequest, $"there is a store \"{entry.Name}\" already", $"choose another name; orchestrator store test {entry.Name} tries the one that is there");
        }

        if (entry.Bucket is { } bucket)
        {
            using var store = open(bucket);
            return await TryAsync(entry, store, $"bucket {bucket.Bucket} at {bucket.Where}", cancellation);
        }

        // A mistyped path, or a disk that is not mounted, must not become a new folder.
        return Directory.Exists(entry.Folder)
            ? await TryAsync(entry, new FolderStore(entry.Folder, RandomNumberGenerator.GetBytes(32), () => new Uri("http://127.0.0.1/"), time), $"folder {entry.Folder}", cancellation)
            : throw new DeskException(Refusal.BadRequest, $"the server's machine has no folder {entry.Folder}", "make it, or mount it, first");
    }

    public async Task<StoreUsageReport> UsageAsync(string? name, CancellationToken cancellation)
    {
        var wanted = Wanted(name).Select(named => named.Name).ToHashSet(StringComparer.Ordinal);
        var used = (await records.PlacesOfJobsAsync(cancellation)).Select(StorePlace.Parse).Where(place => name is null ? place.Bucket is not null || stores.Has(place.Store) : place.Store == name);
        var counter = new StoreCounter(installation.FormerEpochs.Append(installation.Epoch).ToHashSet(StringComparer.Ordinal), time);
        var counted = await Task.WhenAll(wanted.Select(one => new StorePlace(one, "")).Union(used).OrderBy(place => place.ToString(), StringComparer.Ordinal).Select(place => CountAsync(counter, place, cancellation)));
        return new([.. counted.SelectMany(one => one.Rows)], [.. counted.Select(one => one.Note).OfType<string>()]);
    }

    private static string ProfileOf(IObjectStore store) => store is S3Store s3 ? S3Dialect.NameOf(s3.Settings.Dialect) ?? "own" : "folder";

    private IEnumerable<NamedStore> Wanted(string? name) => name is null || stores.Has(name)
        ? [.. stores.All.Where(named => name is null || named.Name == name)]
        : throw new DeskException(Refusal.NotFound, $"there is no store \"{name}\"", "orchestrator store list names them; add it under stores in orchestrator.yaml");

    private async Task<DoctorCheck> TryAsync(StoreEntry entry, IObjectStore store, string what, CancellationToken cancellation)
    {
        var named = new NamedStore(entry.Name, store, entry.Prefix, what) { EgressPerGb = entry.EgressPerGb };
        var check = StoreChecks.Describe(named, entry.IsDefault, await prober.TryAsync(named, cancellation));
        return check.Level == "bad" ? check with { WhatToDo = "mend that first" } : check;
    }

    private async Task<(IEnumerable<StoreUsageRow> Rows, string? Note)> CountAsync(StoreCounter counter, StorePlace place, CancellationToken cancellation)
    {
        try
        {
            var found = await counter.CountAsync(stores.At(place), cancellation);
            var rows = found.Jobs.Select(job => new StoreUsageRow(place.ToString(), job.Key, job.Value.Objects, job.Value.Bytes));
            return (
                found.Sources.Objects > 0 ? rows.Append(new(place.ToString(), null, found.Sources.Objects, found.Sources.Bytes)) : rows,
                found.IsCut ? $"{place}: counted the first {Say.Count(counter.Most)} objects, or for {Say.For(counter.Longest)}; there are more" : null);
        }
        catch (StoreException refused)
        {
            return ([], $"{place}: not counted: {refused.Message}");
        }
    }
}
