using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orchestrator.Offers;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Observing;

/// <summary>What all providers offer now, asked at most once an interval.</summary>
public sealed class OfferBook(ProviderSet providers, TimeProvider time, ILogger<OfferBook> log) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, string> _silent = new(StringComparer.Ordinal);
    private OffersSeen? _newest;
    private long _askedAt;

    public async Task<OffersSeen> GetAsync(TimeSpan maxAge, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_newest is { } fresh && time.GetElapsedTime(_askedAt) < maxAge)
            {
                return fresh;
            }

            var offers = ImmutableArray.CreateBuilder<Offer>();
            var silent = ImmutableArray.CreateBuilder<string>();
            foreach (var provider in providers.All)
            {
                try
                {
                    offers.AddRange(await provider.ListOffersAsync(cancellation));
                    _silent.Remove(provider.Name);
                }
                catch (Exception refused) when (refused is ProviderException || !cancellation.IsCancellationRequested)
                {
                    // One that nobody foresaw as well: it is this provider's alone, and jobs are planned with what the others offer.
                    silent.Add($"{provider.Name}: {refused.Message}");
                    // It is asked every few seconds, and a machine may be off for days.
                    if (_silent.GetValueOrDefault(provider.Name) != refused.Message)
                    {
                        _silent[provider.Name] = refused.Message;
                        log.LogWarning(
                            refused is ProviderException ? null : refused, "{Provider} lists no offers ({Kind}): {Words}", provider.Name, (refused as ProviderException)?.Kind ?? ProviderErrorKind.Unknown, refused.Message);
                    }
                }
            }

            _askedAt = time.GetTimestamp();
            return _newest = new OffersSeen(offers.ToImmutable(), silent.ToImmutable());
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
