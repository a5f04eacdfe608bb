using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.IntegrationTests.Ticks;

/// <summary>An account that publishes the charges that a test gives it.</summary>
public sealed class BilledAccount : IProvider, IChargeSource
{
    public IReadOnlyList<InstanceCharge> Rows { get; set; } = [];

    public bool Refuses { get; set; }

    public int Asked { get; private set; }

    public string Name => "local";

    public BillingRules Billing { get; set; } = new();

    public ProviderTimings Timings => throw new NotSupportedException();

    public Task<IReadOnlyList<InstanceCharge>> ListChargesAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        Asked++;
        return Refuses ? throw new ProviderException(ProviderErrorKind.Transient, "not now") : Task.FromResult(Rows);
    }

    public Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Offer>>([]);

    public Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<ListedInstance>>([]);

    public Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task DestroyAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();
}
