using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class ListingCacheTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task What_nobody_foresaw_of_a_provider_is_an_unknown_list_and_not_a_failed_tick()
    {
        var provider = new OddProvider();
        var listings = new ListingCache(new ProviderSet([provider]), database.Jobs, new SparedStore(database.Source), TimeProvider.System, new EngineOptions { ServerId = "s", Connection = "" }, NullLogger<ListingCache>.Instance);

        Assert.Null(await listings.GetAsync("odd", TimeSpan.Zero, default));

        provider.IsOdd = false;
        Assert.Empty((await listings.GetAsync("odd", TimeSpan.Zero, default))!.Instances);
    }

    private sealed class OddProvider : IProvider
    {
        public string Name => "odd";

        public bool IsOdd { get; set; } = true;

        public ProviderTimings Timings => throw new NotSupportedException();

        public Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation) =>
            IsOdd ? throw new ArgumentException("an argument with control characters") : Task.FromResult<IReadOnlyList<ListedInstance>>([]);

        public Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation) => throw new NotSupportedException();

        public Task DestroyAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
