using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using Hangfire;
using Hangfire.Common;
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

    private async Task<DateTime> UntilAsync() => (DateTime)(await _database.ScalarAsync("select until from orchestrator.store_work"))!;

    private CheckpointEffects Server(string name)
    {
        var work = new StoreWork(TimeProvider.System, NullLogger<StoreWork>.Instance);
        _works.Add(work);
        var stores = new StoreSet(StoreSet.BuiltIn, [new NamedStore(StoreSet.BuiltIn, _store, "", "a folder")], bucket => throw new InvalidOperationException($"nobody asks for {bucket}"));
        var foreign = new ForeignSources(new PatientClient(WebHandlers.Create(), TimeProvider.System), new HubSettings(), new TokenReader((_, _) => Task.FromResult<string?>(null), _ => null)).Origins;
        var options = new EngineOptions { ServerId = name, Connection = "" };
        return new(
            new JobStores(stores, foreign), _database.Jobs, new TickQueue(new NoQueue(), TimeProvider.System, NullLogger<TickQueue>.Instance), work,
            new StoreClaims(_database.Source, TimeProvider.System, options), TimeProvider.System);
    }

    private sealed class NoQueue : IBackgroundJobClient
    {
        public string Create(Job job, IState state) => "1";

        public bool ChangeState(string jobId, IState state, string expectedState) => true;
    }
}
