using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Engine.Backups;
using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Server.Cli;
using Xunit;

namespace Orchestrator.IntegrationTests.Installations;

[Collection(PostgresCollection.Name)]
public sealed class BackupTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Odd = "tab\t newline\n back\\slash \\N \\. grün \U0001F680";
    private readonly StoreDatabase _database = new(postgres);
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-backup-").FullName;
    private readonly MemoryMirror _store = new();

    private string Archive => Path.Combine(_folder, "backup.zip");

    public Task InitializeAsync() => _database.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_backup_that_is_restored_elsewhere_waits_in_recovered_mode_and_says_what_happened_since()
    {
        var target = await postgres.CreateDatabaseAsync();
        var (here, there) = (Data("here", _database.ConnectionString), Data("there", target));
        var token = ApiToken.LoadOrCreate(here.TokenFile).Value;
        var installation = Create(_database.Source, here);
        await installation.CheckAsync(default);
        var job = await _database.ConnectingAsync("lora");
        await installation.RecordAttemptAsync(job, 1, default);
        await new AlertStore(_database.Source).RaiseAsync("network", "somewhere", Odd, default);

        Assert.Equal(0, (await CliAsync("server", "backup", Archive, "--data", here.Root)).Code);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Archive));
        Assert.Contains("exists", (await CliAsync("server", "backup", Archive, "--data", here.Root)).Error, StringComparison.Ordinal);

        // It runs on; the store remembers what the backup does not.
        await installation.RecordAttemptAsync(job, 2, default);
        await installation.RecordAttemptAsync(new JobId(job.Value + 1), 1, default);
        var (code, said, error) = await CliAsync("server", "restore", Archive, "--data", there.Root);

        Assert.True(code == 0, error);
        Assert.Contains("recover --confirm", said, StringComparison.Ordinal);
        Assert.Equal(token, ApiToken.Load(there.TokenFile).Value);
        // A server starts on it: DbUp takes the journal for its own.
        await Migrator.MigrateAsync(target, NullLogger.Instance, default);
        await using (var source = NpgsqlDataSource.Create(target))
        {
            Assert.Equal(Odd, Assert.Single(await new AlertStore(source).ListAsync(resolved: false, default)).Text);
            Assert.Equal((await _database.Jobs.LoadAsync(job, default)).State.Seq, (await new JobStore(source, TimeProvider.System).LoadAsync(job, default)).State.Seq);
            var restored = Create(source, there);
            var why = (await restored.CheckAsync(default)).Recovered;
            Assert.Contains("restored from a backup of", why, StringComparison.Ordinal);
            Assert.Contains($"attempt 2 of job {job} was launched here, and the database knows 1 attempts; job #{job.Value + 1} ran here", why, StringComparison.Ordinal);
            Assert.NotEqual(installation.Epoch, await restored.ConfirmRecoveredAsync(default));
            Assert.False((await Create(source, there).CheckAsync(default)).IsRecovered);
            // A number that was given out is not given again.
            Assert.True((await new JobStore(source, TimeProvider.System).SubmitAsync(NewJob(), default)).Value > job.Value);
        }

        var refused = await CliAsync("server", "restore", Archive, "--data", there.Root);
        Assert.Equal(4, refused.Code);
        Assert.Contains("the database is not empty: an installation with 2 jobs", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CliAsync("server", "restore", Archive, "--data", there.Root, "--force")).Code);
        await using var again = NpgsqlDataSource.Create(target);
        Assert.Contains("is of epoch", (await Create(again, there).CheckAsync(default)).Recovered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_restored_whole_is_not_restored_at_all()
    {
        var (here, there) = (Data("here", _database.ConnectionString), Data("there", await postgres.CreateDatabaseAsync()));
        await Create(_database.Source, here).CheckAsync(default);
        await CliAsync("server", "backup", Archive, "--data", here.Root);
        var whole = await File.ReadAllBytesAsync(Archive);
        await File.WriteAllBytesAsync(Archive, whole[..(whole.Length - 300)]);

        var cut = await CliAsync("server", "restore", Archive, "--data", there.Root);

        Assert.Equal(2, cut.Code);
        Assert.Contains("was cut off or damaged", cut.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(there.InstallationFile));
        // Whoever looks at the database would be left with a half of each.
        await File.WriteAllBytesAsync(Archive, whole);
        await using (var looking = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Database(there)) { Pooling = false }.ConnectionString))
        {
            await using var connection = await looking.OpenConnectionAsync();
            Assert.Contains("1 other connection is open", (await CliAsync("server", "restore", Archive, "--data", there.Root)).Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(there.InstallationFile));
        Assert.Equal(0, (await CliAsync("server", "restore", Archive, "--data", there.Root)).Code);
    }

    [FactWithSmallDisk]
    public async Task A_disk_that_is_full_leaves_nothing_of_a_backup()
    {
        var here = Data("here", _database.ConnectionString);
        await Create(_database.Source, here).CheckAsync(default);
        var mount = Directory.CreateDirectory(Path.Combine(_folder, "small")).FullName;
        using var disk = new SmallDisk(mount, "8k");

        var full = await Assert.ThrowsAsync<BackupException>(() => BackupWriter.WriteAsync(disk.Outside(mount) + "/backup.zip", _database.ConnectionString, here, null, "0.1", default));

        Assert.Contains("cannot be written", full.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Outside(mount)));
    }

    private static NewJob NewJob() => new() { Name = "next", Owner = "ada", SpecYaml = "name: next\n", SpecJson = "{}", Terms = new(), Labels = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, Epoch = StoreDatabase.Epoch };

    private static string Database(DataFolder data) => File.ReadAllText(Path.Combine(data.Root, "orchestrator.yaml")).Split('\'')[1];

    private static async Task<(int Code, string Out, string Error)> CliAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await CommandLine.RunAsync(arguments, new Terminal(output, error, TextReader.Null, false, false, 120)), output.ToString(), error.ToString());
    }

    private DataFolder Data(string name, string database)
    {
        var data = DataFolder.Create(Path.Combine(_folder, name));
        File.WriteAllText(Path.Combine(data.Root, "orchestrator.yaml"), $"server: {{database: '{database}'}}\n");
        return data;
    }

    private Installation Create(NpgsqlDataSource source, DataFolder data) => new(source, data.InstallationFile, _store, () => "key-1", TimeProvider.System, NullLogger<Installation>.Instance);
}
