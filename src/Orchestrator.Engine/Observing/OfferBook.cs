using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Engine.Observing;

/// <summary>
/// What all providers offer now, asked at most once an interval. Nobody waits long for a slow one: what it offered last still serves, and
/// it is named as silent.
/// </summary>
public sealed class OfferBook : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ImmutableArray<OfferLook> _looks;
    private readonly TimeProvider _time;
    private OffersSeen? _newest;
    private long _askedAt;

    public OfferBook(ProviderSet providers, TimeProvider time, ILogger<OfferBook> log)
    {
        ArgumentNullException.ThrowIfNull(providers);
        _time = time;
        _looks = [.. providers.All.Select(provider => new OfferLook(provider, time, log))];
    }

    public async Task<OffersSeen> GetAsync(TimeSpan maxAge, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_newest is { } fresh && _time.GetElapsedTime(_askedAt) < maxAge)
            {
                return fresh;
            }

            // All at once: they are other people's servers.
            var seen = await Task.WhenAll(_looks.Select(look => look.GetAsync(cancellation)));
            cancellation.ThrowIfCancellationRequested();
            _askedAt = _time.GetTimestamp();
            return _newest = new OffersSeen([.. seen.SelectMany(one => one.Offers)], [.. seen.Select(one => one.Silence).OfType<string>()]) { Partly = [.. seen.Select(one => one.Unseen).OfType<string>()] };
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _gate.Dispose();
        foreach (var look in _looks)
        {
            look.Dispose();
        }
    }
}
