using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Determinism;
using Orchestrator.Engine;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Observing;
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
public sealed class ForgottenInstancesTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-forgotten-").FullName;
    private readonly FakeAccount _account = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task After_a_confirmation_what_the_books_lack_is_shown_by_label_until_it_is_gone_and_never_destroyed()
    {
        var installation = new Installation(_database.Source, Path.Combine(_folder, "installation.json"), null, () => null, TimeProvider.System, NullLogger<Installation>.Instance);
        await installation.CheckAsync(default);
        var known = await _database.ConnectingAsync();
        var former = installation.Epoch;
        await installation.ConfirmRecoveredAsync(default);
        var forgotten = LaunchToken.For(former, known, 2);
        // The books' own attempt, a forgotten one, one of a stranger's installation.
        _account.Labels = [LaunchToken.For(StoreDatabase.Epoch, known, 1), forgotten, "orc-stranger-1-1"];
        var alerts = new AlertStore(_database.Source);
        var survey = Survey(installation, alerts);

        await survey.SurveyAsync(default);
        var alert = Assert.Single(await alerts.ListAsync(resolved: false, default));
        Assert.Equal(("forgotten-instance", forgotten), (alert.Kind, alert.Subject));

        _account.Labels = [];
        await Survey(installation, alerts).SurveyAsync(default);
        Assert.Empty(await alerts.ListAsync(resolved: false, default));
        Assert.Empty(_account.Destroyed);
    }

    private ForgottenInstances Survey(Installation installation, AlertStore alerts)
    {
        var providers = new ProviderSet([_account]);
        return new(_database.Jobs, alerts, providers, new ListingCache(providers, _database.Jobs, new SparedStore(_database.Source), TimeProvider.System, new EngineOptions { ServerId = "s", Connection = "" }, NullLogger<ListingCache>.Instance), installation);
    }
}
