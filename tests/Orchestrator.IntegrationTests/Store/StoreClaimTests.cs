using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Engine;
using Orchestrator.Engine.Acting;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Artifacts.Foreign;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Json;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

/// <summary>Two servers on one database, both of which owe the same checkpoint.</summary>
[Collection(PostgresCollection.Name)]
public sealed class StoreClaimTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(3);
    private static readonly string _spec = new StoredSpec { Spec = new() { Name = "job" } }.ToJson();
    private static readonly byte[] _weights = "weights"u8.ToArray();

    private readonly StoreDatabase _database = new(postgres);
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-claims-").FullName;
    private readonly List<StoreWork> _works = [];
    private IObjectStore _store = null!;
    private GatedStore _gated = null!;
    private JobSnapshot _job = null!;
    private CheckpointRef _checkpoint = null!;
    private string _file = "";

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _job = await _database.Jobs.LoadAsync(await _database.ConnectingAsync(), default);
        var folder = new FolderStore(_folder, new byte[32], () => new Uri("http://localhost/store"), TimeProvider.System);
        (_store, _gated) = GatedStore.Of(folder);
        var attempt = ObjectKeys.Attempt(JobFolders.Current(_job.State), 1);
        _file = ObjectKeys.CheckpointFiles(attempt, 1) + "step-5";
        await folder.WriteAsync(_file, new MemoryStream(_weights), _weights.Length, onlyIfAbsent: true, default);
        // The store forgets the hash it took: as in a bucket, the bytes must be read.
        File.SetLastWriteTimeUtc(Path.Combine(_folder, _file), DateTime.UnixEpoch);
        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new CheckpointManifest
            {
                Job = _job.State.Id.Value.ToString(CultureInfo.InvariantCulture), Attempt = 1, Ordinal = 1, Entry = "step-5", Step = 5, TakenAt = DateTimeOffset.UnixEpoch,
                Files = [new() { Path = "step-5", Key = _file, Size = _weights.Length, Hash = Convert.ToHexStringLower(XxHash128.Hash(_weights)) }],
            },
            CoreJson.Default.CheckpointManifest);
        _checkpoint = new() { Attempt = 1, Ordinal = 1, ManifestKey = ObjectKeys.Manifest(attempt, 1), Entry = "step-5", Step = 5, Bytes = _weights.Length };
        await folder.WriteAsync(_checkpoint.ManifestKey, new MemoryStream(manifest), manifest.Length, onlyIfAbsent: true, default);
    }

    public async Task DisposeAsync()
    {
        _gated.Gate.TrySetResult();
        foreach (var work in _works)
        {
            await work.StopAsync(default);
            work.Dispose();
        }

        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_checkpoint_is_read_by_one_server_and_a_scan_waits_for_that()
    {
        var (first, second) = (Server("one"), Server("two"));
        var reading = first.Verify(_job.State.Id, _job.State, _spec, new(_checkpoint))!;
        await Eventually.HoldsAsync(() => Task.FromResult(!_gated.Reads.IsEmpty), _long, "nobody reads the checkpoint");

        await second.Verify(_job.State.Id, _job.State, _spec, new(_checkpoint))!.WaitAsync(_long);
        var scan = second.Scan(_job.State.Id, _job.State, _spec, new(2))!;
        _gated.Gate.SetResult();
        await Task.WhenAll(reading, scan).WaitAsync(_long);

        Assert.Equal(1, _gated.Reads[_file]);
        var facts = (await _database.Jobs.LoadAsync(_job.State.Id, default)).Inbox;
        Assert.Equal(_checkpoint, Assert.Single(facts.OfType<CheckpointVerified>()).Checkpoint);
        Assert.Equal(_checkpoint, Assert.Single(Assert.Single(facts.OfType<ManifestsScanned>()).Verified));
    }

    [Fact]
    public async Task What_a_server_that_died_had_begun_is_done_by_another_once_its_claim_has_run_out()
    {
        _gated.Gate.SetResult();
        await _database.ScalarAsync(
            $"insert into orchestrator.store_work (job_id, key, owner, until) values ({_job.State.Id.Value}, 'verify {_checkpoint.ManifestKey}', 'dead 1', now() + interval '1 hour')");
        var server = Server("one");
        await server.Verify(_job.State.Id, _job.State, _spec, new(_checkpoint))!.WaitAsync(_long);
        Assert.Empty(_gated.Reads);

        await _database.ScalarAsync("update orchestrator.store_work set until = now() - interval '1 second'");
        await server.Verify(_job.State.Id, _job.State, _spec, new(_checkpoint))!.WaitAsync(_long);

        Assert.Equal(1, _gated.Reads[_file]);
    }

    [Fact]
    public async Task A_claim_is_renewed_for_as_long_as_the_work_takes()
    {
        var clock = new FakeTimeProvider();
        var options = new EngineOptions { ServerId = "one", Connection = "" };
        var claims = new StoreClaims(_database.Source, clock, options);
        await using (await claims.TryTakeAsync(_job.State.Id, "work", default))
        {
            var until = await UntilAsync();
            clock.Advance(options.ChannelLease);
            await Eventually.HoldsAsync(async () => await UntilAsync() > until, _long, "the claim is not renewed");
            Assert.Null(await claims.TryTakeAsync(_job.State.Id, "work", default));
        }

        await using var again = await claims.TryTakeAsync(_job.State.Id, "work", default);
        Assert.NotNull(again);
    }

    /// <summary>What was found right a minute ago may be wrong now, or the host: only its bytes can tell.</summary>
    [Fact]
    public async Task What_a_host_calls_damaged_is_read_again_although_it_was_read_a_moment_ago()
    {
        _gated.Gate.SetResult();
        var server = Server("one");
        await server.Verify(_job.State.Id, _job.State, _spec, new(_checkpoint))!.WaitAsync(_long);
        var refused = _job.State.Attempts[0] with { RestoreFrom = _checkpoint, Reason = EndReason.RestoreRefused };
        var doubting = _job.State with { Attempts = [refused], Checkpoints = [_checkpoint] };

        await server.Scan(_job.State.Id, doubting, _spec, new(2))!.WaitAsync(_long);
        await server.Scan(_job.State.Id, doubting, _spec, new(2))!.WaitAsync(_long);
        Assert.Equal(2, _gated.Reads[_file]);

        await server.Scan(_job.State.Id, doubting with { Attempts = [refused, refused with { Number = 2 }] }, _spec, new(3))!.WaitAsync(_long);
        Assert.Equal(3, _gated.Reads[_file]);
    }

    [Fact]
    public async Task What_a_job_begins_from_is_copied_by_one_server_and_deleted_by_none_before()
    {
        await CommitAsync();
        var later = await _database.Jobs.SubmitAsync(New(_checkpoint), default);
        var begun = await _database.Jobs.LoadAsync(later, default);
        var eraser = Server("eraser");
        DeleteCheckpoint erase = new(_checkpoint, []);
        await eraser.Erase(_job.State.Id, _job.State, _spec, erase)!.WaitAsync(_long);
        Assert.NotNull(await _store.HeadAsync(_file, default));

        var copying = Copier("one").Copy(later, begun.State, _spec, new(begun.State.Start!))!;
        await Eventually.HoldsAsync(() => Task.FromResult(!_gated.Reads.IsEmpty), _long, "nobody copies the checkpoint");
        await Copier("two").Copy(later, begun.State, _spec, new(begun.State.Start!))!.WaitAsync(_long);
        _gated.Gate.SetResult();
        await copying.WaitAsync(_long);

        var copy = Assert.Single((await _database.Jobs.LoadAsync(later, default)).Inbox.OfType<CheckpointCopied>()).Checkpoint;
        await _database.AppendAsync(await _database.LeaseAsync(later), [new CheckpointCommitted(copy, Adopted: false) { At = DateTimeOffset.UnixEpoch, Why = "copied" }]);
        await eraser.Erase(_job.State.Id, _job.State, _spec, erase)!.WaitAsync(_long);
        Assert.Null(await _store.HeadAsync(_file, default));
    }

    [Fact]
    public async Task A_copy_that_nobody_waits_for_any_more_stops_and_is_dropped()
    {
        await CommitAsync();
        var later = await _database.Jobs.SubmitAsync(New(_checkpoint), default);
        var begun = await _database.Jobs.LoadAsync(later, default);
        var server = Copier("one");
        var copying = server.Copy(later, begun.State, _spec, new(begun.State.Start!))!;
        await Eventually.HoldsAsync(() => Task.FromResult(!_gated.Reads.IsEmpty), _long, "nobody copies the checkpoint");
        await _database.AppendAsync(await _database.LeaseAsync(later), [new VerdictReached(JobPhase.Cancelled) { At = DateTimeOffset.UnixEpoch, Why = "cancelled by eva" }]);
        await copying.WaitAsync(_long);

        await server.Drop(later, begun.State, _spec, new(begun.State.Start!))!.WaitAsync(_long);

        Assert.IsType<CopyErased>((await _database.Jobs.LoadAsync(later, default)).Inbox.Last());
        Assert.Empty(await _store.ListAsync(JobFolders.OfCopy(begun.State, begun.State.Start!), default).ToListAsync());
    }

    [Fact]
    public async Task One_that_retention_has_let_go_is_not_begun_from_and_of_two_retries_one_is_stored()
    {
        await Assert.ThrowsAsync<StartGoneException>(() => _database.Jobs.SubmitAsync(New(_checkpoint), default));

        var retry = New(null) with { RetryOf = _job.State.Id };
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            try
            {
                return await _database.Jobs.SubmitAsync(retry, default);
            }
            catch (RetriedAlreadyException)
            {
                return (JobId?)null;
            }
        }));
        var live = Assert.Single(both.OfType<JobId>());
        Assert.Equal(live, await new StartStore(_database.Source).LiveRetryAsync(_job.State.Id, default));

        await _database.EndAsync(live);
        Assert.NotEqual(live, await _database.Jobs.SubmitAsync(retry, default));
    }

    /// <summary>On the books as another job finds it: that reads the spec there as well.</summary>
    private async Task CommitAsync()
    {
        await _database.ScalarAsync($"update orchestrator.jobs set spec = '{_spec}' where id = {_job.State.Id.Value}");
        Assert.True(await _database.AppendAsync(
            await _database.LeaseAsync(_job.State.Id), [new CheckpointCommitted(_checkpoint, Adopted: false) { At = DateTimeOffset.UnixEpoch, Why = "verified" }]));
    }

    private NewJob New(CheckpointRef? start) => new()
    {
        Name = "later", Owner = "eva", SpecYaml = "", SpecJson = _spec, Epoch = StoreDatabase.Epoch, Terms = new() { HasCheckpoints = true },
        Start = start is null ? null : new() { Job = _job.State.Id, Checkpoint = start, Epoch = StoreDatabase.Epoch, Words = "job #1" },
    };

    private async Task<DateTime> UntilAsync() => (DateTime)(await _database.ScalarAsync("select until from orchestrator.store_work"))!;

    private CheckpointEffects Server(string name)
    {
        var (stores, work, claims) = Parts(name);
        return new(Of(stores), _database.Jobs, new StartStore(_database.Source), Queue(), work, claims, TimeProvider.System);
    }

    private CopyEffects Copier(string name)
    {
        var (stores, work, claims) = Parts(name);
        return new(new CheckpointCopier(stores), Of(stores), _database.Jobs, new StartStore(_database.Source), Queue(), work, claims, TimeProvider.System);
    }

    private (StoreSet Stores, StoreWork Work, StoreClaims Claims) Parts(string name)
    {
        var work = new StoreWork(TimeProvider.System, NullLogger<StoreWork>.Instance);
        _works.Add(work);
        var stores = new StoreSet(StoreSet.BuiltIn, [new NamedStore(StoreSet.BuiltIn, _store, "", "a folder")], bucket => throw new InvalidOperationException($"nobody asks for {bucket}"));
        return (stores, work, new StoreClaims(_database.Source, TimeProvider.System, new EngineOptions { ServerId = name, Connection = "" }));
    }

    private static JobStores Of(StoreSet stores) => new(
        stores, new ForeignSources(new PatientClient(WebHandlers.Create(), TimeProvider.System), new HubSettings(), new TokenReader((_, _) => Task.FromResult<string?>(null), _ => null)).Origins);

    private static TickQueue Queue() => new(new NoQueue(), TimeProvider.System, NullLogger<TickQueue>.Instance);

    private sealed class NoQueue : IBackgroundJobClient
    {
        public string Create(Hangfire.Common.Job job, IState state) => "1";

        public bool ChangeState(string jobId, IState state, string expectedState) => true;
    }
}
