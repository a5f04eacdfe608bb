using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.IntegrationTests.Ticks;

/// <summary>An account whose list shows the labels that a test gives it.</summary>
public sealed class FakeAccount : IProvider, IAccountSource
{
    public string[] Labels { get; set; } = [];

    public IReadOnlyList<Offer> Offers { get; set; } = [];

    public List<string> Destroyed { get; } = [];

    public bool RefusesDestroy { get; set; }

    public bool RefusesList { get; set; }

    public Money? Spendable { get; set; }

    /// <summary>What its list says of each instance.</summary>
    public Money? PerHour { get; set; }

    public BilledParts Billed { get; set; }

    public int Lists { get; private set; }

    public Func<Task>? WhileListing { get; set; }

    public string Name { get; init; } = "fake";

    /// <summary>Hosts it has; null = whatever is asked for.</summary>
    public string[]? Hosts { get; set; }

    public bool Knows(string? host) => Hosts?.Contains(host) ?? true;

    public ProviderTimings Timings => throw new NotSupportedException();

    public Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation) => Task.FromResult(Offers);

    public async Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation)
    {
        Lists++;
        await (WhileListing?.Invoke() ?? Task.CompletedTask);
        return RefusesList ? throw new ProviderException(ProviderErrorKind.Unauthorized, "not for you") : [.. Labels.Select(label => new ListedInstance { InstanceId = "i-" + label, Label = label, Status = InstanceStatus.Running, PerHour = PerHour, Billed = Billed })];
    }

    public Task<AccountState> GetAccountAsync(CancellationToken cancellation) => Task.FromResult(new AccountState("ada", Spendable));

    public Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task DestroyAsync(string instanceId, CancellationToken cancellation)
    {
        if (RefusesDestroy)
        {
            throw new ProviderException(ProviderErrorKind.Transient, "not now");
        }

        Destroyed.Add(instanceId);
        return Task.CompletedTask;
    }

    public Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation) => throw new NotSupportedException();
}
