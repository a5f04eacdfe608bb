using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Offers;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.RunPod;

/// <summary>The catalogue as it was seen lately. It is a hint: a place that refused is left out for a while, whatever it says.</summary>
internal sealed class RunPodMarket(RunPodApi api, RunPodOptions options, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly ImmutableArray<int> _counts = [1, 2, 4, 8];

    private readonly SemaphoreSlim _gate = new(1, 1);
    /// <summary>Apart from the other one: who rents must not wait for a look.</summary>
    private readonly Lock _refusedGate = new();
    private readonly Dictionary<RunPodPlace, long> _refused = [];
    private (long SeenAt, ImmutableArray<Offer> Offers)? _seen;

    public async Task<IReadOnlyList<Offer>> LookAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return [.. (await NewestAsync(cancellation)).Where(offer => !IsRefused(offer))];
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>It was asked for there, and there was none.</summary>
    public void Refuse(RunPodPlace place)
    {
        lock (_refusedGate)
        {
            foreach (var old in _refused.Where(one => time.GetElapsedTime(one.Value) >= options.RefusedFor).Select(one => one.Key).ToList())
            {
                _refused.Remove(old);
            }

            _refused[place.Stock] = time.GetTimestamp();
        }
    }

    public void Dispose() => _gate.Dispose();

    private bool IsRefused(Offer offer)
    {
        lock (_refusedGate)
        {
            return RunPodPlace.Parse(offer.Id) is { } place && _refused.TryGetValue(place.Stock, out var since) && time.GetElapsedTime(since) < options.RefusedFor;
        }
    }

    private async Task<ImmutableArray<Offer>> NewestAsync(CancellationToken cancellation)
    {
        if (_seen is { } fresh && time.GetElapsedTime(fresh.SeenAt) < options.LookAge)
        {
            return fresh.Offers;
        }

        try
        {
            var offers = await ReadAsync(cancellation);
            _seen = (time.GetTimestamp(), offers);
            return offers;
        }
        catch (ProviderException limited) when (limited.Kind == ProviderErrorKind.RateLimited && _seen is { } old && time.GetElapsedTime(old.SeenAt) < options.OldestLook)
        {
            return old.Offers;
        }
    }

    private async Task<ImmutableArray<Offer>> ReadAsync(CancellationToken cancellation)
    {
        var offers = ImmutableArray.CreateBuilder<Offer>();
        foreach (var cloud in options.Community ? (RunPodCloud[])[RunPodCloud.Secure, RunPodCloud.Community] : [RunPodCloud.Secure])
        {
            foreach (var count in _counts)
            {
                offers.AddRange(await ReadAsync(cloud, count, cancellation));
            }
        }

        return offers.ToImmutable();
    }

    private async Task<List<Offer>> ReadAsync(RunPodCloud cloud, int count, CancellationToken cancellation)
    {
        var word = cloud == RunPodCloud.Secure ? "SECURE" : "COMMUNITY";
        var call = new ApiCall(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"v2/catalog/gpus?include=AVAILABILITY&product=POD&cloud={word}&count={count}"))
        {
            Lanes = RunPodLanes.All,
            // Whoever wants offers does not wait: what was seen a minute ago serves.
            Patience = TimeSpan.Zero,
        };
        var answer = await api.AskAsync(call, cancellation);
        if (!answer.Fields["gpus"].IsArray)
        {
            throw new ProviderException(ProviderErrorKind.Unknown, $"RunPod, {call}: the answer has no gpus: {answer.Words}");
        }

        var rows = answer.Fields["gpus"].Items.ToList();
        var read = rows.Select(row => RunPodCard.Read(row, cloud, count)).ToList();
        var left = read.Count(card => card is null);
        if (left > 0 && left == rows.Count)
        {
            throw new ProviderException(ProviderErrorKind.Unknown, $"RunPod, {call}: none of {rows.Count} cards can be read, so the API has changed: {answer.Words}");
        }

        if (left > 0)
        {
            log.LogInformation("RunPod: {Left} of {All} cards ({Cloud}, {Count}x) lack what an offer needs, and are left out", left, rows.Count, word, count);
        }

        return [.. read.OfType<ImmutableArray<Offer>>().SelectMany(card => card)];
    }
}
