using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Providers;
using Xunit;

namespace Orchestrator.IntegrationTests.Ticks;

[Collection(PostgresCollection.Name)]
public sealed class ConfigurationSurveyTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-gaps-").FullName;
    private readonly FakeAccount _account = new() { Name = "local", Hosts = ["ssh/lab"] };

    public Task InitializeAsync() => _database.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_machine_and_a_store_that_a_live_job_needs_are_missed_until_they_are_named_again()
    {
        var job = await _database.ConnectingAsync("lora", "ssh/h1");
        await _database.ScalarAsync("""update orchestrator.jobs set spec = '{"store": "nas/team/", "origins": {"sources/x": "hf://owner/name"}, "deliveries": {"0": "s3://bucket/out/"}}'""");
        var alerts = new AlertStore(_database.Source);

        await Survey(alerts, "folder").SurveyAsync(default);

        var told = await alerts.ListAsync(resolved: false, default);
        Assert.Equal([$"lora#{job.Value} nas/team/", $"lora#{job.Value} ssh/h1"], told.Select(alert => alert.Subject).Order(StringComparer.Ordinal));
        Assert.Contains(told, alert => alert.Text.Contains("runs on ssh/h1, which orchestrator.yaml does not name", StringComparison.Ordinal));
        Assert.Contains(told, alert => alert.Text.Contains("needs the store \"nas\", which orchestrator.yaml does not name", StringComparison.Ordinal));

        _account.Hosts = ["ssh/h1"];
        await Survey(alerts, "nas").SurveyAsync(default);
        Assert.Empty(await alerts.ListAsync(resolved: false, default));
    }

    [Fact]
    public async Task An_account_that_is_taken_out_while_something_is_rented_there_is_told_with_what_to_do()
    {
        var job = await _database.ConnectingAsync("lora", "vast/7");
        await _database.ScalarAsync("update orchestrator.attempts set provider = 'vast'");
        var alerts = new AlertStore(_database.Source);

        await Survey(alerts, "folder").SurveyAsync(default);

        var told = Assert.Single(await alerts.ListAsync(resolved: false, default));
        Assert.Equal($"lora#{job.Value} vast/7", told.Subject);
        Assert.Contains("it runs on unheard there, and may cost. Name that account again under accounts, with its key, or destroy it in the provider's console", told.Text, StringComparison.Ordinal);
    }

    /// <summary>Only a person can know that a machine will not return, and has to be told what to say then.</summary>
    [Theory]
    [InlineData("Terminating", "ssh/h1", 2, 1)]
    [InlineData("Launching", "ssh/h1", 2, 1)]
    [InlineData("Terminating", "ssh/h1", 0, 0)]
    [InlineData("Running", "ssh/h1", 2, 0)]
    [InlineData("Terminating", "sim/h1", 2, 0)]
    public async Task A_machine_that_a_job_waits_for_is_told_after_an_hour_with_what_ends_the_wait(string phase, string host, int hours, int told)
    {
        _account.Hosts = [host];
        _account.WhileListing = () => throw new ProviderException(ProviderErrorKind.Transient, "no answer");
        var job = await _database.ConnectingAsync("lora", host);
        await _database.ScalarAsync($"update orchestrator.attempts set phase = '{phase}', phase_since = now() - interval '{hours} hours 1 minute', launch_sent_at = now() - interval '{hours} hours 1 minute'");
        var alerts = new AlertStore(_database.Source);

        await Survey(alerts, "folder").SurveyAsync(default);

        var open = await alerts.ListAsync(resolved: false, default);
        Assert.Equal(told, open.Count);
        Assert.All(open, alert => Assert.Equal($"lora#{job.Value} ssh/h1", alert.Subject));
        Assert.All(open, alert => Assert.Contains("If ssh/h1 will not return, say gone: yes for it in orchestrator.yaml, then restart the server", alert.Text, StringComparison.Ordinal));

        _account.WhileListing = null;
        await Survey(alerts, "folder").SurveyAsync(default);
        Assert.Empty(await alerts.ListAsync(resolved: false, default));
    }

    [Fact]
    public async Task A_job_that_has_ended_and_left_nothing_needs_nothing()
    {
        await _database.EndAsync(await _database.SubmitAsync());
        await _database.ScalarAsync("""update orchestrator.jobs set spec = '{"store": "nas"}'""");
        var alerts = new AlertStore(_database.Source);

        await Survey(alerts, "folder").SurveyAsync(default);

        Assert.Empty(await alerts.ListAsync(resolved: false, default));
    }

    private ConfigurationSurvey Survey(AlertStore alerts, string store)
    {
        var providers = new ProviderSet([_account]);
        var options = new EngineOptions { ServerId = "s", Connection = "" };
        var folder = new FolderStore(_folder, new byte[32], () => new Uri("http://localhost/store"), TimeProvider.System);
        var stores = new StoreSet(store, [new NamedStore(store, folder, "", "a folder")], bucket => throw new InvalidOperationException($"nobody asks for {bucket}"));
        var listings = new ListingCache(providers, _database.Jobs, new SparedStore(_database.Source), TimeProvider.System, options, NullLogger<ListingCache>.Instance);
        return new(new ConfigurationGaps(new LiveUses(_database.Source), providers, stores, listings), alerts, NullLogger<ConfigurationSurvey>.Instance);
    }
}
