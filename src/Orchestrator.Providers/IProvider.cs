using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Providers;

/// <summary>
/// One account at one place that rents. Every method may throw <see cref="ProviderException"/> with one of the closed set of
/// kinds; anything else that escapes is a defect of the provider. All are safe to call from several threads.
/// </summary>
public interface IProvider
{
    /// <summary>Name in specs and on the books: <c>local</c>, <c>ssh</c>, <c>vast</c>.</summary>
    string Name { get; }

    ProviderTimings Timings { get; }

    /// <summary>Which times of an instance it bills.</summary>
    BillingRules Billing => BillingRules.Dearest;

    /// <summary>Its instances are reached without a network.</summary>
    bool IsOnThisMachine => false;

    /// <summary>False = the configuration no longer names that host: what runs there can neither be reached nor ended.</summary>
    bool Knows(string? host) => true;

    /// <summary>Everything rentable now. An offer may be gone by the time it is taken.</summary>
    Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation);

    /// <summary>All instances of the account that carry a label of ours (any epoch), from every page, or an exception: never a part.</summary>
    Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation);

    /// <summary>
    /// As much of the list as can be had: a provider of hosts that fail one by one says which of them it speaks for, so that one that is
    /// switched off does not blind everybody to the others.
    /// </summary>
    async Task<InstanceList> ListWhatAnswersAsync(CancellationToken cancellation) => new(await ListInstancesAsync(cancellation));

    /// <summary>
    /// Rents. NOT idempotent: each call that reaches the provider may rent once more under the same label. An exception of kind
    /// <see cref="ProviderErrorKind.Transient"/> or <see cref="ProviderErrorKind.Unknown"/> means nobody knows whether it did;
    /// all other kinds mean positively that it did not.
    /// </summary>
    /// <returns>The provider's id of the instance.</returns>
    Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation);

    /// <summary>Destroys, never stops. Returns when the provider accepted; <see cref="ProviderErrorKind.NotFound"/> when it does not know the instance.</summary>
    Task DestroyAsync(string instanceId, CancellationToken cancellation);

    /// <summary>How to reach the agent there; asked anew for every connection, since ports move.</summary>
    Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation);
}
