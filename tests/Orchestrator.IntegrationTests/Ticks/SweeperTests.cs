using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Determinism;
using Orchestrator.Engine;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Artifacts.Foreign;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Ticks;

[Collection(PostgresCollection.Name)]
public sealed class SweeperTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-sweep-").FullName;
    private readonly FakeAccount _account = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_job_that_cannot_be_read_keeps_its_instance_and_hides_no_orphan()
    {
        var installation = await InstallationAsync();
        var unreadable = await _database.SubmitAsync();
        await _database.ScalarAsync($"update orchestrator.jobs set state = '[]'::json, due_at = null where id = {unreadable.Value}");
        _account.Labels = [LaunchToken.For(installation.Epoch, unreadable, 1), LaunchToken.For(installation.Epoch, new JobId(4711), 1)];
        var sweeper = Sweeper(installation, "s");

        await sweeper.SweepAsync(default);
        Assert.Empty(_account.Destroyed);
        await sweeper.SweepAsync(default);

        Assert.Equal(["i-" + _account.Labels[1]], _account.Destroyed);
        // What could not be judged is told: no sweep counts as complete.
        Assert.Null(sweeper.Age);
        Assert.Null(sweeper.ComparedAt);
    }

    /// <summary>What is on the books is known by its state alone; whether people are told of it is another question.</summary>
    [Fact]
    public async Task A_job_that_cannot_be_read_and_has_no_instance_does_not_make_the_sweep_incomplete()
    {
        var installation = await InstallationAsync();
        await _database.ConnectingAsync();
        await _database.ScalarAsync("update orchestrator.jobs set state = '[]'::json, due_at = null");
        var sweeper = Sweeper(installation, "s");

        await sweeper.SweepAsync(default);

        Assert.NotNull(sweeper.Age);
    }

    [Fact]
    public async Task An_orphan_that_went_by_itself_alarms_nobody_any_more()
    {
        var installation = await InstallationAsync();
        _account.Labels = [LaunchToken.For(installation.Epoch, new JobId(4711), 1)];
        _account.RefusesDestroy = true;
        var sweeper = Sweeper(installation, "s");
        var alerts = new AlertStore(_database.Source);
        await sweeper.SweepAsync(default);
        await sweeper.SweepAsync(default);
        Assert.Equal("orphan", Assert.Single(await alerts.ListAsync(resolved: false, default)).Kind);

        _account.Labels = [];
        await sweeper.SweepAsync(default);

        Assert.Empty(await alerts.ListAsync(resolved: false, default));
        Assert.NotNull(sweeper.Age);
    }

    [Fact]
    public async Task A_list_that_does_not_come_is_told_and_makes_no_sweep_complete()
    {
        var sweeper = Sweeper(await InstallationAsync(), "s", TimeSpan.Zero);
        var alerts = new AlertStore(_database.Source);
        _account.RefusesList = true;

        await sweeper.SweepAsync(default);

        Assert.Null(sweeper.Age);
        Assert.NotNull(sweeper.RanAge);
        var told = Assert.Single(await alerts.ListAsync(resolved: false, default));
        Assert.Equal(("account-silent", "fake"), (told.Kind, told.Subject));

        _account.RefusesList = false;
        await sweeper.SweepAsync(default);
        Assert.NotNull(sweeper.Age);
    }

    /// <summary>Accepted is not gone: what its provider goes on showing stays on the books, and is tried for ever.</summary>
    [Fact]
    public async Task What_does_not_go_is_told_as_leaked_until_its_provider_says_that_it_is_gone()
    {
        var installation = await InstallationAsync();
        _account.Labels = [LaunchToken.For(installation.Epoch, new JobId(4711), 1)];
        _account.PerHour = Money.FromDollars(0.5m);
        var (sweeper, alerts) = (Sweeper(installation, "s", TimeSpan.Zero), new AlertStore(_database.Source));

        for (var sweep = 1; sweep <= 4; sweep++)
        {
            await sweeper.SweepAsync(default);
        }

        Assert.Equal(3, _account.Destroyed.Count);
        var leak = Assert.Single(await new LeakStore(_database.Source).ListAsync(TimeSpan.Zero, default));
        Assert.Equal(("fake", _account.PerHour), (leak.Provider, leak.PerHour));
        Assert.Equal(["leaked", "orphan"], (await alerts.ListAsync(resolved: false, default)).Select(alert => alert.Kind).Where(kind => kind != "account-silent").Order());
        _account.Labels = [];
        await sweeper.SweepAsync(default);
        Assert.DoesNotContain(await alerts.ListAsync(resolved: false, default), alert => alert.Kind is "leaked" or "orphan");
    }

    [Fact]
    public async Task What_an_orphan_has_cost_is_kept_when_it_is_gone()
    {
        var installation = await InstallationAsync();
        _account.Labels = [LaunchToken.For(installation.Epoch, new JobId(4711), 1)];
        _account.PerHour = Money.FromDollars(3600);
        var (sweeper, orphans) = (Sweeper(installation, "s"), new OrphanStore(_database.Source));

        await sweeper.SweepAsync(default);
        Assert.Empty(await orphans.CostsAsync(null, default));
        await sweeper.SweepAsync(default);
        var lives = Assert.Single(await orphans.CostsAsync(null, default));
        Assert.True(lives is { EndedAt: null, Provider: "fake" } && lives.PerHour == _account.PerHour, lives.ToString());

        _account.PerHour = null;
        await sweeper.SweepAsync(default);
        _account.Labels = [];
        await sweeper.SweepAsync(default);

        var gone = Assert.Single(await orphans.CostsAsync(null, default));
        Assert.Equal(lives with { EndedAt = gone.EndedAt }, gone);
        Assert.True(gone.EndedAt > gone.FirstSeen);
        Assert.Equal(gone.PerHour!.Value.PerHourFor(gone.EndedAt!.Value - gone.FirstSeen), gone.CostAt(gone.EndedAt.Value.AddDays(1)));
        Assert.Equal(0, await orphans.CountAsync(default));
        Assert.Empty(await orphans.CostsAsync(gone.EndedAt.Value.AddSeconds(1), default));
    }

    [Fact]
    public async Task While_a_provider_is_asked_no_other_sweep_compares_and_no_transaction_is_open()
    {
        var installation = await InstallationAsync();
        var (first, second) = (Sweeper(installation, "one"), Sweeper(installation, "two"));
        object? open = null;
        _account.WhileListing = async () =>
        {
            open = await _database.ScalarAsync("select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'");
            await second.SweepAsync(default);
            // The watchdog of the same server, beside Hangfire's.
            await first.SweepAsync(default);
        };

        await first.SweepAsync(default);
        Assert.Equal((0L, 1), (open, _account.Lists));

        _account.WhileListing = null;
        await second.SweepAsync(default);
        Assert.Equal(2, _account.Lists);
    }

    [Fact]
    public async Task The_turn_of_a_server_that_froze_runs_out()
    {
        var installation = await InstallationAsync();
        var sweeper = Sweeper(installation, "s");
        var turns = new SweepStore(_database.Source);
        Assert.True(await turns.TryTakeTurnAsync("frozen 1", StoreDatabase.Long, default));
        await sweeper.SweepAsync(default);
        Assert.Equal(0, _account.Lists);

        await _database.ScalarAsync("update orchestrator.sweep_turn set until = clock_timestamp()");
        await sweeper.SweepAsync(default);

        Assert.Equal(1, _account.Lists);
    }

    private async Task<Installation> InstallationAsync()
    {
        var installation = new Installation(_database.Source, Path.Combine(_folder, "installation.json"), null, () => null, TimeProvider.System, NullLogger<Installation>.Instance);
        await installation.CheckAsync(default);
        return installation;
    }

    private Sweeper Sweeper(Installation installation, string server, TimeSpan? owed = null)
    {
        var options = new EngineOptions { ServerId = server, Connection = "", SweepEvery = TimeSpan.FromTicks(2), OwedTooLong = owed ?? TimeSpan.FromMinutes(10) };
        var providers = new ProviderSet([_account]);
        var alerts = new AlertStore(_database.Source);
        var listings = new ListingCache(providers, _database.Jobs, new SparedStore(_database.Source), TimeProvider.System, options, NullLogger<ListingCache>.Instance);
        var store = new FolderStore(Path.Combine(_folder, "store"), new byte[32], () => new Uri("http://localhost/store"), TimeProvider.System);
        var stores = new StoreSet(StoreSet.BuiltIn, [new NamedStore(StoreSet.BuiltIn, store, "", "a folder")], bucket => throw new InvalidOperationException($"nobody asks for {bucket}"));
        var rotation = new SecretsRotation(SecretsKeyring.Of(SecretsKey.Generate()), new SecretStore(_database.Source), Path.Combine(_folder, "secrets.key"));
        return new(
            _database.Jobs, new OrphanStore(_database.Source), new SweepStore(_database.Source), alerts, providers, listings, installation,
            new ForgottenInstances(_database.Jobs, alerts, providers, listings, installation),
            new ConfigurationSurvey(new ConfigurationGaps(new LiveUses(_database.Source), providers, stores, listings), alerts, NullLogger<ConfigurationSurvey>.Instance),
            new Upkeep(new UpkeepStore(_database.Source), new PriceStore(_database.Source), _database.Jobs, new JobStores(stores, NoForeigners()), rotation, TimeProvider.System, options, NullLogger<Upkeep>.Instance),
            new PriceWatch(new OfferBook(providers, TimeProvider.System, NullLogger<OfferBook>.Instance), new PriceStore(_database.Source), new MarketMemoryStore(_database.Source, TimeProvider.System), _database.Jobs, options),
            new HostWatch(new MarketMemoryStore(_database.Source, TimeProvider.System), new HostBanStore(_database.Source), _database.Jobs, NullLogger<HostWatch>.Instance),
            new MeterWatch(new LedgerStore(_database.Source), providers, _database.Jobs, NullLogger<MeterWatch>.Instance),
            new ChargeWatch(new LedgerStore(_database.Source), new ChargeStore(_database.Source), providers, _database.Jobs, alerts, options, NullLogger<ChargeWatch>.Instance),
            new BudgetWatch(new PaidJobs(_database.Source), new BatchStore(_database.Source), alerts, NullLogger<BudgetWatch>.Instance),
            new WipeWatch(new UnwipedHosts(_database.Source), alerts, NullLogger<WipeWatch>.Instance),
            Deadlines(providers, alerts, stores, options),
            new CheckpointWatch(new TrainingJobs(_database.Source), alerts, TimeProvider.System, NullLogger<CheckpointWatch>.Instance),
            new AccountWatch(providers, new AccountStore(_database.Source), new LeakStore(_database.Source), alerts, TimeProvider.System, options, NullLogger<AccountWatch>.Instance),
            new BalanceWatch(providers, new AccountStore(_database.Source), new AccountBooks(_database.Source), _database.Jobs, Plans(providers, stores, options), alerts, TimeProvider.System, options, NullLogger<BalanceWatch>.Instance),
            new TickQueue(new NoQueue(), TimeProvider.System, NullLogger<TickQueue>.Instance), TimeProvider.System, options, NullLogger<Sweeper>.Instance);
    }

    private DeadlineWatch Deadlines(ProviderSet providers, AlertStore alerts, StoreSet stores, EngineOptions options)
    {
        return new(new DeadlineJobs(_database.Source), _database.Jobs, Plans(providers, stores, options), alerts, TimeProvider.System, options, NullLogger<DeadlineWatch>.Instance);
    }

    private JobPlans Plans(ProviderSet providers, StoreSet stores, EngineOptions options) => new(
        new OfferBook(providers, TimeProvider.System, NullLogger<OfferBook>.Instance), new WorkStore(_database.Source), new MarketMemoryStore(_database.Source, TimeProvider.System),
        new HostBanStore(_database.Source), new EgressPrices(stores), options);

    private static ForeignOrigins NoForeigners() =>
        new ForeignSources(new PatientClient(WebHandlers.Create(), TimeProvider.System), new HubSettings(), new TokenReader((_, _) => Task.FromResult<string?>(null), _ => null)).Origins;

    private sealed class NoQueue : IBackgroundJobClient
    {
        public string Create(Job job, IState state) => "1";

        public bool ChangeState(string jobId, IState state, string expectedState) => true;
    }
}
