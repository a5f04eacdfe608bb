using Microsoft.Extensions.Logging;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Engine.Observing;

/// <summary>One provider's offers as of its last answer. A look goes on when nobody waits for it any more.</summary>
internal sealed class OfferLook(IProvider provider, TimeProvider time, ILogger log) : IDisposable
{
    /// <summary>So long one look is waited for, all callers together: ticks stand behind it.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>A look that has not ended by then is given up.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(3);

    /// <summary>Where a provider does not answer, what it offered so long ago still serves.</summary>
    private static readonly TimeSpan _oldest = TimeSpan.FromMinutes(5);

    /// <summary>A look that ended longer ago says what was on offer then, not now.</summary>
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _end = new();
    private Task<IReadOnlyList<Offer>>? _look;
    private long _begunAt;
    private long _endedAt;
    private (IReadOnlyList<Offer> Offers, long At)? _last;
    private string? _said;

    /// <summary>One caller at a time.</summary>
    public async Task<OfferSight> GetAsync(CancellationToken cancellation)
    {
        if (_look is { IsCompleted: true } old && time.GetElapsedTime(_endedAt) > _fresh)
        {
            // It ended when nobody waited for it any more, which may be hours ago.
            _last = old.IsCompletedSuccessfully ? (await old, _endedAt) : _last;
            _look = null;
        }

        if (_look is null)
        {
            (_look, _begunAt) = (LookAsync(), time.GetTimestamp());
        }

        if (!_look.IsCompleted && _patience - time.GetElapsedTime(_begunAt) is var left && left > TimeSpan.Zero)
        {
            await ((Task)_look.WaitAsync(left, time, cancellation)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }

        if (!_look.IsCompleted)
        {
            return Silent(ProviderErrorKind.Transient, "it does not answer in time", null);
        }

        var look = _look;
        _look = null;
        try
        {
            var offers = await look;
            (_last, _said) = ((offers, _endedAt), null);
            return new(offers, null, (provider as IMarketInParts)?.Unseen is { } unseen ? $"{provider.Name}: {unseen}" : null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (ProviderException refused)
        {
            return Silent(refused.Kind, refused.Message, null);
        }
        catch (Exception odd)
        {
            // One that nobody foresaw: it is this provider's alone, and jobs are planned with what the others offer.
            return Silent(ProviderErrorKind.Unknown, odd is OperationCanceledException ? "its answer took too long" : odd.Message, odd);
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task<IReadOnlyList<Offer>> LookAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        limit.CancelAfter(_longest);
        try
        {
            return await provider.ListOffersAsync(limit.Token);
        }
        finally
        {
            _endedAt = time.GetTimestamp();
        }
    }

    private OfferSight Silent(ProviderErrorKind kind, string words, Exception? odd)
    {
        // It is asked every few seconds, and a machine may be off for days.
        if (_said != words)
        {
            _said = words;
            log.LogWarning(odd, "{Provider} lists no offers ({Kind}): {Words}", provider.Name, kind, words);
        }

        var serves = kind is ProviderErrorKind.Transient or ProviderErrorKind.RateLimited or ProviderErrorKind.Unknown && odd is null && _last is { } last && time.GetElapsedTime(last.At) < _oldest;
        return new(serves ? _last!.Value.Offers : [], $"{provider.Name}: {words}", null);
    }
}
