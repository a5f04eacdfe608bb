using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Installations;

[Collection(PostgresCollection.Name)]
public sealed class InstallationTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);
    private readonly List<NpgsqlDataSource> _copies = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-installation-").FullName;
    private readonly MemoryMirror _mirror = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public async Task DisposeAsync()
    {
        foreach (var copy in _copies)
        {
            await copy.DisposeAsync();
        }

        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string File1 => Path.Combine(_folder, "installation.json");

    [Fact]
    public async Task A_new_installation_gets_an_epoch_that_stays()
    {
        var first = await CheckedAsync(_database.Source, File1);
        var again = await CheckedAsync(_database.Source, File1);

        Assert.False(first.IsRecovered);
        Assert.True(InstallationEpoch.IsValid(first.Epoch));
        Assert.Equal(first.Epoch, again.Epoch);
        Assert.Contains(first.Epoch, await File.ReadAllTextAsync(File1), StringComparison.Ordinal);
        Assert.NotNull(await _mirror.ReadAsync(first.Epoch, default));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(File1));
    }

    [Fact]
    public async Task A_further_server_needs_the_first_ones_file()
    {
        var first = await CheckedAsync(_database.Source, File1);
        var theirs = Path.Combine(_folder, "second.json");

        var refused = await Assert.ThrowsAsync<InstallationException>(() => Create(_database.Source, theirs).CheckAsync(default));
        Assert.Contains("copy installation.json", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(theirs));

        File.Copy(File1, theirs);
        Assert.Equal(first.Epoch, (await CheckedAsync(_database.Source, theirs)).Epoch);
    }

    [Fact]
    public async Task A_restored_database_that_lacks_an_attempt_is_noticed_and_nothing_is_forgotten_until_a_person_confirms()
    {
        var installation = await CheckedAsync(_database.Source, File1);
        var job = await _database.SubmitAsync();
        var restored = await DumpAsync();
        await LaunchAsync(job);
        await installation.RecordAttemptAsync(job, 1, default);
        Assert.False((await CheckedAsync(_database.Source, File1)).IsRecovered);

        var after = await CheckedAsync(restored, File1);
        Assert.True(after.IsRecovered);
        Assert.Contains($"attempt 1 of job {job}", after.Status.Recovered, StringComparison.Ordinal);
        Assert.True((await CheckedAsync(restored, File1)).IsRecovered);

        var epoch = await after.ConfirmRecoveredAsync(default);
        Assert.NotEqual(installation.Epoch, epoch);
        Assert.False(after.IsRecovered);
        var next = await CheckedAsync(restored, File1);
        Assert.Equal((false, epoch), (next.IsRecovered, next.Epoch));
        // The original is now the copy that is behind the outside record.
        Assert.True((await CheckedAsync(_database.Source, File1)).IsRecovered);
    }

    [Fact]
    public async Task A_restored_database_in_which_an_ended_job_goes_on_is_noticed()
    {
        var installation = await CheckedAsync(_database.Source, File1);
        var job = await _database.SubmitAsync();
        var restored = await DumpAsync();
        await EndAsync(job);
        await installation.RecordEndedAsync(job, default);

        Assert.Contains("ended here", (await CheckedAsync(restored, File1)).Status.Recovered, StringComparison.Ordinal);
        Assert.False((await CheckedAsync(_database.Source, File1)).IsRecovered);
    }

    [Fact]
    public async Task Confirmed_every_live_job_is_told_its_last_attempt_and_whether_it_had_ended()
    {
        var installation = await CheckedAsync(_database.Source, File1);
        var (running, ended, idle) = (await _database.SubmitAsync(), await _database.SubmitAsync(), await _database.SubmitAsync());
        var restored = await DumpAsync();
        await installation.RecordAttemptAsync(running, 3, default);
        await installation.RecordEndedAsync(ended, default);
        await installation.RecordAttemptAsync(new JobId(77), 1, default);

        var after = await CheckedAsync(restored, File1);
        Assert.Contains("job #77 ran here", after.Status.Recovered, StringComparison.Ordinal);
        Assert.Contains($"attempt 3 of job {running}", after.Status.Recovered, StringComparison.Ordinal);
        var epoch = await after.ConfirmRecoveredAsync(default);

        var store = new JobStore(restored, TimeProvider.System);
        Assert.Equal(new EpochConfirmed(epoch, installation.Epoch, 3, false), await ToldAsync(store, running));
        Assert.Equal(new EpochConfirmed(epoch, installation.Epoch, 0, true), await ToldAsync(store, ended));
        Assert.Equal(new EpochConfirmed(epoch, installation.Epoch, 0, false), await ToldAsync(store, idle));
        Assert.Contains(installation.Epoch, after.FormerEpochs);
        Assert.Contains(running, await store.DueJobsAsync(10, default));
        Assert.False((await CheckedAsync(restored, File1)).IsRecovered);
    }

    [Fact]
    public async Task A_backup_from_before_an_earlier_confirmation_is_known_as_ours()
    {
        var installation = await CheckedAsync(_database.Source, File1);
        var job = await _database.SubmitAsync();
        var restored = await DumpAsync();
        var epoch = await installation.ConfirmRecoveredAsync(default);
        await installation.RecordAttemptAsync(job, 2, default);

        var after = await CheckedAsync(restored, File1);
        Assert.True(after.IsRecovered);
        var next = await after.ConfirmRecoveredAsync(default);

        Assert.Equal(new EpochConfirmed(next, epoch, 2, false), await ToldAsync(new JobStore(restored, TimeProvider.System), job));
    }

    [Fact]
    public async Task The_record_of_another_installation_says_nothing_of_this_ones_jobs()
    {
        var installation = await CheckedAsync(_database.Source, File1);
        var job = await _database.SubmitAsync();
        var strangers = Path.Combine(_folder, "stranger.json");
        await File.WriteAllTextAsync(strangers, $$"""{"epoch":"aaaaaaaa","jobs":{"{{job.Value}}":9},"ended":[{{job.Value}}]}""");

        var copied = await CheckedAsync(_database.Source, strangers);
        Assert.True(copied.IsRecovered);
        var epoch = await copied.ConfirmRecoveredAsync(default);

        Assert.Equal(new EpochConfirmed(epoch, installation.Epoch, 0, false), await ToldAsync(new JobStore(_database.Source, TimeProvider.System), job));
    }

    [Fact]
    public async Task A_restored_database_that_does_not_know_a_launched_job_is_noticed()
    {
        var installation = await CheckedAsync(_database.Source, File1);
        var restored = await DumpAsync();
        var job = await _database.SubmitAsync();
        await LaunchAsync(job);
        await installation.RecordAttemptAsync(job, 1, default);

        Assert.Contains("does not know it", (await CheckedAsync(restored, File1)).Status.Recovered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_database_under_a_data_folder_with_a_past_is_noticed()
    {
        await (await CheckedAsync(_database.Source, File1)).RecordAttemptAsync(new JobId(7), 2, default);
        var empty = new StoreDatabase(postgres);
        await empty.InitializeAsync();

        Assert.True((await CheckedAsync(empty.Source, File1)).IsRecovered);
        await empty.DisposeAsync();
    }

    [Fact]
    public async Task What_only_the_store_remembers_counts_too()
    {
        var installation = await CheckedAsync(_database.Source, File1);
        var copy = Path.Combine(_folder, "old.json");
        File.Copy(File1, copy);
        await installation.RecordAttemptAsync(new JobId(7), 2, default);

        Assert.True((await CheckedAsync(_database.Source, copy)).IsRecovered);
    }

    [Fact]
    public async Task Another_servers_confirmation_is_taken_over_with_its_epoch()
    {
        await CheckedAsync(_database.Source, File1);
        var second = Path.Combine(_folder, "second.json");
        File.Copy(File1, second);
        await Create(_database.Source, second).ConfirmRecoveredAsync(default);

        var first = await CheckedAsync(_database.Source, File1);

        Assert.False(first.IsRecovered);
        Assert.Contains(first.Epoch, await File.ReadAllTextAsync(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_between_file_and_database_at_the_very_first_start_goes_on_with_the_files_epoch()
    {
        var installation = await CheckedAsync(_database.Source, File1);
        await _database.ScalarAsync("delete from orchestrator.installation");

        var again = await CheckedAsync(_database.Source, File1);

        Assert.Equal((false, installation.Epoch), (again.IsRecovered, again.Epoch));
    }

    [Fact]
    public async Task A_store_that_is_away_does_not_stop_the_record()
    {
        var installation = await CheckedAsync(_database.Source, File1);
        _mirror.Away = true;

        await installation.RecordAttemptAsync(new JobId(5), 3, default);

        Assert.Contains("\"5\": 3", await File.ReadAllTextAsync(File1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_written_at_once_are_all_kept()
    {
        var (one, two) = (await CheckedAsync(_database.Source, File1), await CheckedAsync(_database.Source, File1));

        await Task.WhenAll(Enumerable.Range(1, 20).Select(job => (job % 2 == 0 ? one : two).RecordAttemptAsync(new JobId(job), job, default)));

        var text = await File.ReadAllTextAsync(File1);
        Assert.All(Enumerable.Range(1, 20), job => Assert.Contains($"\"{job}\": {job}", text, StringComparison.Ordinal));
    }

    private static async Task<InboxItem> ToldAsync(JobStore store, JobId job) => Assert.Single((await store.LoadAsync(job, default)).Inbox) with { Id = 0 };

    private async Task LaunchAsync(JobId job)
    {
        var lease = await _database.LeaseAsync(job);
        Assert.True(await _database.AppendAsync(lease, StoreDatabase.Planned(job, lease.Now)));
    }

    private async Task EndAsync(JobId job)
    {
        var lease = await _database.LeaseAsync(job);
        Assert.True(await _database.AppendAsync(lease, [new Orchestrator.Reconciling.JobEnded(JobPhase.Cancelled) { At = lease.Now, Why = "cancelled" }]));
    }

    /// <summary>The database as it is now, as a backup would bring it back.</summary>
    private async Task<NpgsqlDataSource> DumpAsync()
    {
        // A template must have no connections; the pool makes new ones.
        _database.Source.Clear();
        var original = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        var name = original.Database + "_restored";
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name} template {original.Database}", connection);
        await create.ExecuteNonQueryAsync();
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Database = name }.ConnectionString);
        _copies.Add(source);
        return source;
    }

    private Installation Create(NpgsqlDataSource source, string path) => new(source, path, _mirror, () => "key-1", TimeProvider.System, NullLogger<Installation>.Instance);

    private async Task<Installation> CheckedAsync(NpgsqlDataSource source, string path)
    {
        var installation = Create(source, path);
        await installation.CheckAsync(default);
        return installation;
    }
}
