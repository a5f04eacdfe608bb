using Orchestrator.Checkpoints;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Tests.Specs;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class CheckpointCopierTests : IDisposable
{
    private const string Later = "jobs/again-9/e2/";
    private const string Folder = Later + "a0000/";

    private readonly TemporaryStore _home = new();
    private readonly TemporaryStore _away = new();
    private readonly CopyStanding _standing = new();
    private readonly StoreSet _stores;
    private readonly CheckpointCopier _copier;
    private readonly JobState _job = new() { Id = new JobId(7), Name = "digits", Epoch = "e1" };
    private readonly StoredSpec _spec = new() { Spec = SpecCase.Spec(SpecCase.With("")), Store = "folder" };

    public CheckpointCopierTests()
    {
        _stores = new("folder", [new(StoreSet.BuiltIn, _home.Store, "", "folder"), new("away", _away.Store, "team/", "another")], _ => throw new InvalidOperationException("no bucket"));
        _copier = new(_stores);
    }

    public void Dispose()
    {
        _home.Dispose();
        _away.Dispose();
    }

    [Fact]
    public async Task A_copy_is_the_new_jobs_own_and_outlives_the_other()
    {
        var from = await PutAsync();

        var copy = await CopyAsync(from, new("folder", ""));

        Assert.Equal((0, 1, "step-5", 5L, 9L), (copy.Attempt, copy.Ordinal, copy.Entry, copy.Step!.Value, copy.Bytes));
        Assert.Equal(TimeSpan.FromHours(2), copy.TrainedBefore);
        await new CheckpointEraser(_home.Store).EraseAsync(from, [], [TemporaryStore.Job], default);
        Assert.Empty(await _home.KeysAsync());
        var left = await new ManifestVerifier(_home.Store).VerifyAsync(copy.ManifestKey, [Later], compare: true, default);
        Assert.Equal(copy with { TrainedBefore = null }, left.Checkpoint);
    }

    /// <summary>As of its own attempts: the scan before a restore, the eraser, what a host may read.</summary>
    [Fact]
    public async Task A_copy_is_found_and_erased_like_any_checkpoint_of_the_job()
    {
        var copy = await CopyAsync(await PutAsync(), new("folder", ""));

        var scan = await new ManifestScanner(_home.Store, new(_home.Store)).ScanAsync([Later], new HashSet<string>(), new HashSet<string> { copy.ManifestKey }, default);
        Assert.Equal(copy.ManifestKey, Assert.Single(scan.Verified).ManifestKey);

        await new CheckpointEraser(_home.Store).EraseAsync(copy, [], [Later], default);
        Assert.Empty(await _home.KeysAsync(Later));
        Assert.Equal(3, (await _home.KeysAsync()).Count);
    }

    [Fact]
    public async Task Into_another_store_it_is_carried()
    {
        var copy = await CopyAsync(await PutAsync(), new("away", "runs/"));

        Assert.Empty(await _home.KeysAsync(Later));
        Assert.All(await _away.KeysAsync(""), key => Assert.StartsWith("team/runs/" + Later + "a0000/checkpoints/000001/", key, StringComparison.Ordinal));
        Assert.NotNull((await new ManifestVerifier(_stores.At(new("away", "runs/"))).VerifyAsync(copy.ManifestKey, [Later], compare: true, default)).Checkpoint);
    }

    [Fact]
    public async Task A_copy_that_was_cut_off_goes_on_where_it_stood_and_a_whole_one_is_taken_as_it_is()
    {
        var from = await PutAsync();
        var first = ObjectKeys.CheckpointFiles(Folder, 1) + "step-5/same";
        await _home.Store.CopyAsync(ObjectKeys.CheckpointFiles(ObjectKeys.Attempt(TemporaryStore.Job, 1), 1) + "step-5/same", first, onlyIfAbsent: true, default);
        var written = File.GetLastWriteTimeUtc(Path.Combine(_home.Folder, first));

        var copy = await CopyAsync(from, new("folder", ""));
        Assert.Equal((2, 2), (_standing.Files, _standing.Of));
        Assert.Equal(copy, await CopyAsync(from, new("folder", "")));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(_home.Folder, first)));

        await _copier.EraseAsync(new("folder", ""), Folder, default);
        Assert.Empty(await _home.KeysAsync(Later));
    }

    [Fact]
    public async Task Bytes_that_are_not_what_the_manifest_says_are_not_begun_from()
    {
        var from = await PutAsync();
        var file = ObjectKeys.CheckpointFiles(ObjectKeys.Attempt(TemporaryStore.Job, 2), 3) + "step-5/model";
        await File.WriteAllTextAsync(Path.Combine(_home.Folder, file), "weighty");

        var refused = await Assert.ThrowsAsync<CopyRefusedException>(() => CopyAsync(from, new("folder", "")));

        Assert.Contains("other bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_gone_is_said()
    {
        var from = await PutAsync();
        await _home.Store.DeleteAsync(from.ManifestKey, default);

        var refused = await Assert.ThrowsAsync<CopyRefusedException>(() => CopyAsync(from, new("folder", "")));

        Assert.Contains("step-5 of job digits cannot be copied: the manifest is not in the store", refused.Message, StringComparison.Ordinal);
    }

    private Task<CheckpointRef> CopyAsync(CheckpointRef from, StorePlace to) => _copier.CopyAsync(_job, _spec, from, to, Folder, _standing, default);

    private async Task<CheckpointRef> PutAsync()
    {
        var key = await _home.PutManifestAsync(2, 3, await _home.PutFileAsync(2, 3, "step-5/model", "weights"), await _home.PutFileAsync(1, 1, "step-5/same", "ab"));
        return new() { Attempt = 2, Ordinal = 3, ManifestKey = key, Entry = "step-5", Step = 5, TrainedBefore = TimeSpan.FromHours(2) };
    }
}
