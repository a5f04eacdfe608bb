using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Providers.Renting;

/// <summary>
/// What a provider with a catalogue had when it was last looked at. A catalogue is a hint: what refused is left out for a while, whatever
/// it says, so that the next try goes elsewhere.
/// </summary>
/// <param name="times">How long what is seen serves.</param>
/// <param name="time">For the age of it.</param>
/// <param name="stockOf">What an offer draws on; others may draw on the same.</param>
/// <param name="look">Reads the catalogue.</param>
internal sealed class SeenStock(SeenStockTimes times, TimeProvider time, Func<Offer, string> stockOf, Func<CancellationToken, Task<ImmutableArray<Offer>>> look) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    /// <summary>Apart from the other one: who rents must not wait for a look.</summary>
    private readonly Lock _refusedGate = new();
    private readonly Dictionary<string, long> _refused = new(StringComparer.Ordinal);
    private (long SeenAt, ImmutableArray<Offer> Offers)? _seen;

    public async Task<IReadOnlyList<Offer>> LookAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return [.. (await NewestAsync(cancellation)).Where(offer => !IsRefused(stockOf(offer)))];
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>It was asked for, and there was none.</summary>
    public void Refuse(string stock)
    {
        lock (_refusedGate)
        {
            foreach (var old in _refused.Where(one => IsOver(one.Value)).Select(one => one.Key).ToList())
            {
                _refused.Remove(old);
            }

            _refused[stock] = time.GetTimestamp();
        }
    }

    public void Dispose() => _gate.Dispose();

    private bool IsRefused(string stock)
    {
        lock (_refusedGate)
        {
            return _refused.TryGetValue(stock, out var since) && !IsOver(since);
        }
    }

    private bool IsOver(long since) => time.GetElapsedTime(since) >= times.RefusedFor;

    private async Task<ImmutableArray<Offer>> NewestAsync(CancellationToken cancellation)
    {
        if (_seen is { } fresh && time.GetElapsedTime(fresh.SeenAt) < times.LookAge)
        {
            return fresh.Offers;
        }

        try
        {
            var offers = await look(cancellation);
            _seen = (time.GetTimestamp(), offers);
            return offers;
        }
        catch (ProviderException limited) when (limited.Kind == ProviderErrorKind.RateLimited && _seen is { } old && time.GetElapsedTime(old.SeenAt) < times.OldestLook)
        {
            return old.Offers;
        }
    }
}
