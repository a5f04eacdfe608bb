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

    [Fact]
    public async Task A_value_that_the_trainer_was_started_with_is_masked_until_the_job_has_ended()
    {
        var keys = SecretsKeyring.Of(SecretsKey.Generate());
        var secrets = new SecretStore(_database.Source);
        await secrets.SetAsync("hf", () => keys.Seal("hf", "nobody has seen this"), default);
        await secrets.SetAsync("hf", () => keys.Seal("hf", "first"), default);
        var job = await _database.SubmitAsync(spec: new() { Name = "job", Secrets = ImmutableSortedDictionary<string, string>.Empty.Add("HF_TOKEN", "hf") });
        var orders = new OrderSource(_database.Jobs, secrets, keys, NullLogger<OrderSource>.Instance);

        await secrets.SetAsync("hf", () => keys.Seal("hf", "second"), default);
        Assert.Equal(["second", "first"], (await orders.SecretsOfAsync(job, default)).Select(secret => secret.Value));

        await secrets.RotateAsync("k2", secret => secret.Ciphertext, default);
        Assert.Equal(["second", "first"], (await orders.SecretsOfAsync(job, default)).Select(secret => secret.Value));

        await _database.EndAsync(job);
        await secrets.SetAsync("hf", () => keys.Seal("hf", "third"), default);
        Assert.Equal(["third"], (await orders.SecretsOfAsync(job, default)).Select(secret => secret.Value));
    }
}
