using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Hosts;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts;

[Collection(PostgresCollection.Name)]
public sealed class OrderSourceTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_secret_that_cannot_be_opened_keeps_nobody_from_the_agent()
    {
        var (ours, other) = (SecretsKeyring.Of(SecretsKey.Generate()), SecretsKeyring.Of(SecretsKey.Generate()));
        var secrets = new SecretStore(_database.Source);
        await secrets.SetAsync("wandb", () => ours.Seal("wandb", "w-1"), default);
        await secrets.SetAsync("hf", () => other.Seal("hf", "h-1"), default);
        var names = ImmutableSortedDictionary<string, string>.Empty.Add("WANDB_API_KEY", "wandb").Add("HF_TOKEN", "hf").Add("GONE", "gone");
        var job = await _database.SubmitAsync(spec: new() { Name = "job", Secrets = names });
        var orders = new OrderSource(_database.Jobs, secrets, ours, NullLogger<OrderSource>.Instance);

        // Before every visit: what threw here let every attempt's agent go unheard, and another instance was rented each time.
        var masked = await orders.SecretsOfAsync(job, default);

        Assert.Equal([new KeyValuePair<string, string>("wandb", "w-1")], masked);
    }
}
