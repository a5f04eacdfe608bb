namespace Orchestrator.Providers.Http;

/// <summary>
/// Keeps to the request limits an API publishes, per account and for all our servers together. What the rental APIs need of the
/// outside; Engine implements it.
/// </summary>
public interface IRequestPacer
{
    /// <summary>Returns when a request may be sent in every one of the lanes. A place that was taken is not given back.</summary>
    /// <exception cref="ProviderException">RateLimited, with the time to wait: the queue is longer than the caller would wait.</exception>
    Task WaitAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan patience, CancellationToken cancellation);

    /// <summary>The API refused for its limit: nobody of ours asks in these lanes for that long.</summary>
    Task HoldAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan wait, CancellationToken cancellation);
}
