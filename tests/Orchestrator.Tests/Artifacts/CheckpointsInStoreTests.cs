using System.Collections.Immutable;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Artifacts;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class CheckpointsInStoreTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();
    private readonly ManifestVerifier _verifier;
    private readonly CheckpointEraser _eraser;

    public CheckpointsInStoreTests()
    {
        _verifier = new(_temporary.Store);
        _eraser = new(_temporary.Store);
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_whole_checkpoint_is_verified_also_without_the_stores_hashes()
    {
        var file = await _temporary.PutFileAsync(1, 3, "step-5/model", "weights");
        var key = await _temporary.PutManifestAsync(1, 3, file, await _temporary.PutFileAsync(1, 3, "step-5/.metadata", ""));
        File.SetLastWriteTimeUtc(Path.Combine(_temporary.Folder, file.Key), DateTime.UnixEpoch);

        var verdict = await VerifyAsync(key);

        Assert.Equal(new CheckpointRef { Attempt = 1, Ordinal = 3, ManifestKey = key, Entry = "step-5", Step = 5, Bytes = 7 }, verdict.Checkpoint);
    }

    [Fact]
    public async Task A_missing_a_short_and_a_changed_object_are_damage()
    {
        var file = await _temporary.PutFileAsync(1, 1, "step-5/model", "weights");
        var key = await _temporary.PutManifestAsync(1, 1, file);
        var path = Path.Combine(_temporary.Folder, file.Key);

        await File.WriteAllTextAsync(path, "weighty");
        Assert.Contains("other bytes", (await VerifyAsync(key)).Words, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, "weigh");
        Assert.Contains("has 5 bytes", (await VerifyAsync(key)).Words, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("missing", (await VerifyAsync(key)).Words, StringComparison.Ordinal);
        Assert.Null((await VerifyAsync(key)).Checkpoint);
    }

    [Theory]
    [InlineData("step-5/../../x", null, null, "not allowed")]
    [InlineData("/step-5", null, null, "not allowed")]
    [InlineData("other/x", null, null, "outside the entry")]
    [InlineData("step-5/a", "jobs/other-8/e1/a0001/checkpoints/000001/files/x", null, "not a checkpoint file")]
    [InlineData("step-5/a", TemporaryStore.Job + "a0001/outputs/x", null, "not a checkpoint file")]
    [InlineData("step-5/a", null, "XYZ", "bad size or hash")]
    [InlineData("step-5/good", null, null, "listed twice")]
    [InlineData("step-5/good/below", null, null, "both a file and a folder")]
    public async Task A_hostile_manifest_is_damage(string path, string? objectKey, string? hash, string words)
    {
        var good = await _temporary.PutFileAsync(1, 1, "step-5/good", "1");

        var key = await _temporary.PutManifestAsync(1, 1, good, good with { Path = path, Key = objectKey ?? good.Key, Hash = hash ?? good.Hash });

        Assert.Contains(words, (await VerifyAsync(key)).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"version\":1")]
    [InlineData("{\"version\":1,\"job\":\"7\",\"attempt\":1,\"ordinal\":1,\"entry\":\"e\",\"takenAt\":\"2026-01-01T00:00:00Z\",\"files\":[null]}")]
    [InlineData("{\"version\":1,\"job\":\"7\",\"attempt\":1,\"ordinal\":2,\"entry\":\"e\",\"takenAt\":\"2026-01-01T00:00:00Z\",\"files\":[]}")]
    [InlineData("{\"version\":2,\"job\":\"7\",\"attempt\":1,\"ordinal\":1,\"entry\":null,\"takenAt\":\"2026-01-01T00:00:00Z\",\"files\":null}")]
    public async Task A_manifest_that_is_no_manifest_is_damage(string json)
    {
        var key = ObjectKeys.Manifest(ObjectKeys.Attempt(TemporaryStore.Job, 1), 1);
        await _temporary.PutAsync(key, json);

        var verdict = await VerifyAsync(key);

        Assert.Null(verdict.Checkpoint);
        Assert.NotEmpty(verdict.Words);
    }

    [Fact]
    public async Task A_manifest_under_another_jobs_or_a_misspelt_key_does_not_count()
    {
        Assert.NotEmpty((await VerifyAsync("jobs/other-8/e1/a0001/checkpoints/000001/manifest.json")).Words);
        Assert.NotEmpty((await VerifyAsync(TemporaryStore.Job + "a00001/checkpoints/000001/manifest.json")).Words);
        Assert.NotEmpty((await VerifyAsync(TemporaryStore.Job + "a0001/checkpoints/000001/manifest.json")).Words);
    }

    [Fact]
    public async Task A_scan_finds_what_is_unknown_oldest_first()
    {
        var second = await _temporary.PutManifestAsync(2, 1, await _temporary.PutFileAsync(2, 1, "step-5", "b"));
        var first = await _temporary.PutManifestAsync(1, 7, await _temporary.PutFileAsync(1, 7, "step-5", "a"));
        var known = await _temporary.PutManifestAsync(1, 6, await _temporary.PutFileAsync(1, 6, "step-5", "c"));
        var broken = await _temporary.PutManifestAsync(1, 8);
        await _temporary.PutAsync(TemporaryStore.Job + "a0001/outputs/manifest.json", "{}");

        var scan = await new ManifestScanner(_temporary.Store, _verifier).ScanAsync([TemporaryStore.Job], ImmutableHashSet.Create(known), ImmutableHashSet<string>.Empty, default);

        Assert.Equal([first, second], scan.Verified.Select(c => c.ManifestKey));
        Assert.Equal(broken, Assert.Single(scan.Damaged));
    }

    /// <summary>A host waits for the scan: what was compared once is only looked for, and compared again by the host as it restores.</summary>
    [Theory]
    [InlineData("WEIGHTS", true)]
    [InlineData("weight", false)]
    [InlineData(null, false)]
    public async Task A_scan_does_not_read_again_what_is_on_the_books(string? now, bool counts)
    {
        var file = await _temporary.PutFileAsync(1, 1, "step-5/model", "weights");
        var key = await _temporary.PutManifestAsync(1, 1, file);
        var path = Path.Combine(_temporary.Folder, file.Key);
        if (now is null)
        {
            File.Delete(path);
        }
        else
        {
            await File.WriteAllTextAsync(path, now);
        }

        var scan = await new ManifestScanner(_temporary.Store, _verifier).ScanAsync([TemporaryStore.Job], ImmutableHashSet<string>.Empty, ImmutableHashSet.Create(key), default);

        Assert.Equal((counts ? 1 : 0, counts ? 0 : 1), (scan.Verified.Length, scan.Damaged.Length));
    }

    /// <summary>One question per file of a paid wait: the list has already said it.</summary>
    [Fact]
    public async Task A_scan_asks_one_by_one_only_for_what_the_list_lacks()
    {
        var (first, second) = (await _temporary.PutFileAsync(1, 1, "step-5/model", "weights"), await _temporary.PutFileAsync(1, 1, "step-5/optimizer", "moments"));
        var key = await _temporary.PutManifestAsync(1, 1, first, second);
        File.Delete(Path.Combine(_temporary.Folder, second.Key));
        var (store, counts) = CountingStore.Of(_temporary.Store);

        var scan = await new ManifestScanner(store, new(store)).ScanAsync([TemporaryStore.Job], ImmutableHashSet<string>.Empty, ImmutableHashSet.Create(key), default);

        Assert.Equal(key, Assert.Single(scan.Damaged));
        Assert.Equal<string>([key, second.Key], counts.Heads);
    }

    [Fact]
    public async Task Erasing_deletes_what_no_other_manifest_names_and_may_be_repeated()
    {
        var shared = await _temporary.PutFileAsync(1, 1, "step-5/shared", "s");
        var old = await _temporary.PutManifestAsync(1, 1, shared, await _temporary.PutFileAsync(1, 1, "step-5/own", "o"));
        var newer = await _temporary.PutManifestAsync(1, 2, shared, await _temporary.PutFileAsync(1, 2, "step-5/own", "n"));

        await EraseAsync(old, 1, [newer]);
        await EraseAsync(old, 1, [newer]);

        Assert.NotNull((await VerifyAsync(newer)).Checkpoint);
        Assert.Equal([shared.Key, TemporaryStore.Job + "a0001/checkpoints/000002/files/step-5/own", newer], (await _temporary.KeysAsync()).Order(StringComparer.Ordinal));
        await EraseAsync(newer, 2, []);
        Assert.Empty(await _temporary.KeysAsync());
    }

    [Fact]
    public async Task Manifests_that_nobody_told_of_protect_their_files_too()
    {
        var shared = await _temporary.PutFileAsync(1, 1, "step-5/shared", "s");
        var old = await _temporary.PutManifestAsync(1, 1, shared);
        var unknown = await _temporary.PutManifestAsync(2, 1, shared);

        await EraseAsync(old, 1, []);

        Assert.NotNull((await VerifyAsync(unknown)).Checkpoint);
    }

    [Fact]
    public async Task An_erasure_that_was_cut_off_after_the_manifest_is_finished_by_the_next()
    {
        var shared = await _temporary.PutFileAsync(1, 1, "step-5/shared", "s");
        var newer = await _temporary.PutManifestAsync(1, 2, shared);
        File.Move(Path.Combine(_temporary.Folder, newer), Path.Combine(_temporary.Folder, newer + ".erasing"));

        await EraseAsync(newer, 2, []);

        Assert.Empty(await _temporary.KeysAsync());
    }

    [Fact]
    public async Task A_manifest_that_names_outputs_does_not_get_them_erased()
    {
        var output = TemporaryStore.Job + "a0001/outputs/model";
        await _temporary.PutAsync(output, "precious");
        await _temporary.PutAsync("sources/s", "code");
        var file = await _temporary.PutFileAsync(1, 1, "step-5", "1");
        var hostile = await _temporary.PutManifestAsync(1, 1, file, file with { Key = output }, file with { Key = "sources/s" });

        await EraseAsync(hostile, 1, []);

        Assert.Equal([output], await _temporary.KeysAsync());
        Assert.Equal(["sources/s"], await _temporary.KeysAsync("sources/"));
    }

    [Fact]
    public async Task A_full_store_gets_room_by_erasing()
    {
        var key = await _temporary.PutManifestAsync(1, 1, await _temporary.PutFileAsync(1, 1, "step-5", "1"));

        await new CheckpointEraser(FullStore.Of(_temporary.Store)).EraseAsync(
            new() { Attempt = 1, Ordinal = 1, ManifestKey = key, Entry = "step-5" }, [], [TemporaryStore.Job], default);

        Assert.Empty(await _temporary.KeysAsync());
    }

    private Task<ManifestVerdict> VerifyAsync(string key) => _verifier.VerifyAsync(key, [TemporaryStore.Job], compare: true, default);

    private Task EraseAsync(string key, int ordinal, ImmutableArray<string> kept) =>
        _eraser.EraseAsync(new() { Attempt = 1, Ordinal = ordinal, ManifestKey = key, Entry = "step-5" }, kept, [TemporaryStore.Job], default);
}
