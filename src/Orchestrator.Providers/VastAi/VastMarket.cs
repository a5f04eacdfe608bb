using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orchestrator.Offers;

namespace Orchestrator.Providers.VastAi;

/// <summary>
/// The market as it was seen lately, part by part: searches are limited, and each shows a part. A look asks for those parts again
/// that were seen longest ago, and shows what is not too old of the others.
/// </summary>
internal sealed class VastMarket(VastApi api, VastOptions options, TimeProvider time, ILogger log) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    /// <summary>Apart from the other one: who rents must not wait for a look.</summary>
    private readonly Lock _seenGate = new();
    private readonly ImmutableArray<VastSearch> _first = VastSearch.All(options.Unverified);
    private readonly Dictionary<VastSearch, SeenPart> _seen = [];
    /// <summary>When each was asked for, in vain or not; by the one look that is under way.</summary>
    private readonly Dictionary<VastSearch, long> _tried = [];

    /// <summary>Parts of which nothing is known, or nothing that is new enough; null = none.</summary>
    public string? Unseen
    {
        get
        {
            lock (_seenGate)
            {
                var parts = Parts();
                return parts.Count - Fresh().Count is > 0 and var missing ? $"{missing} of the {parts.Count} parts of its market were not seen lately" : null;
            }
        }
    }

    public async Task<IReadOnlyList<Offer>> LookAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await SearchAsync(cancellation);
            // An ask may turn up in two parts that were seen at different times; the newer one counts.
            return [.. Fresh().OrderByDescending(part => part.SeenAt).SelectMany(part => part.Asks).DistinctBy(ask => ask.Id).SelectMany(ask => ask.Offers)];
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The ask was taken, by us or by somebody else; whatever else that machine offered names the same cards.</summary>
    public void Forget(string askId)
    {
        lock (_seenGate)
        {
            if (_seen.Values.SelectMany(part => part.Asks).FirstOrDefault(ask => ask.Id == askId) is not { } taken)
            {
                return;
            }

            foreach (var (part, seen) in _seen.ToList())
            {
                _seen[part] = seen with { Asks = seen.Asks.RemoveAll(ask => ask.Machine == taken.Machine) };
            }
        }
    }

    public void Dispose() => _gate.Dispose();

    private List<SeenPart> Fresh()
    {
        lock (_seenGate)
        {
            return [.. Parts().Select(due => _seen.GetValueOrDefault(due.Part)).OfType<SeenPart>().Where(seen => time.GetElapsedTime(seen.SeenAt) < options.SearchAge)];
        }
    }

    /// <summary>Each with the further pages that the one before it calls for, and the price from which they show it.</summary>
    private List<(VastSearch Part, double? From)> Parts()
    {
        List<(VastSearch, double?)> parts = [];
        foreach (var first in _first)
        {
            parts.Add((first, null));
            for (var part = first; _seen.GetValueOrDefault(part)?.UpTo is { } price && part.Next is { } next; part = next)
            {
                parts.Add((next, price));
            }
        }

        return parts;
    }

    /// <summary>The first page of every part comes before the second of any.</summary>
    private (VastSearch Part, double? From)? NextDue(HashSet<VastSearch> done)
    {
        lock (_seenGate)
        {
            var due = Parts().FindAll(one => !done.Contains(one.Part));
            return due.Count == 0 ? null : due.MinBy(one => (_tried.GetValueOrDefault(one.Part, long.MinValue), one.Part.Page));
        }
    }

    private async Task SearchAsync(CancellationToken cancellation)
    {
        ProviderException? trouble = null;
        HashSet<VastSearch> done = [];
        // By when they were tried: one that always fails must not keep the others from being looked at.
        while (done.Count < options.SearchesPerLook && NextDue(done) is var (part, from))
        {
            done.Add(part);
            try
            {
                var seen = await ReadAsync(part, from, cancellation);
                _tried[part] = seen.SeenAt;
                lock (_seenGate)
                {
                    _seen[part] = seen;
                }
            }
            catch (ProviderException limited) when (limited.Kind == ProviderErrorKind.RateLimited)
            {
                // The rest is for the next look; what was seen a minute ago still serves.
                trouble ??= limited;
                break;
            }
            catch (ProviderException failed)
            {
                _tried[part] = time.GetTimestamp();
                trouble ??= failed;
                log.LogWarning("Vast.ai: {Part} cannot be searched: {Words}", part.Name, failed.Message);
                if (failed.Kind is ProviderErrorKind.Unauthorized or ProviderErrorKind.Gone)
                {
                    break;
                }
            }
        }

        if (trouble is not null && Fresh().Count == 0)
        {
            throw trouble;
        }
    }

    private async Task<SeenPart> ReadAsync(VastSearch part, double? from, CancellationToken cancellation)
    {
        var call = part.Call(options, from);
        var answer = await api.AskAsync(call, cancellation);
        if (!answer.Fields["offers"].IsArray)
        {
            throw new ProviderException(ProviderErrorKind.Unknown, $"Vast.ai, {call}: the answer has no offers: {answer.Words}");
        }

        var now = time.GetUtcNow();
        var rows = answer.Fields["offers"].Items.ToList();
        var asks = rows.Select(row => VastAsk.Read(row, now)).OfType<VastAsk>().ToList();
        // What is rented, or only shown, makes no offer; what lacks a field is another API than ours.
        if (asks.Count == 0 && rows.Count > 0 && !rows.Exists(VastAsk.IsWhole))
        {
            throw new ProviderException(ProviderErrorKind.Unknown, $"Vast.ai, {call}: none of {rows.Count} offers can be read, so the API has changed: {answer.Words}");
        }

        if (asks.Count < rows.Count)
        {
            log.LogInformation("Vast.ai: {Left} of {All} offers ({Part}) lack what an offer needs, and are left out", rows.Count - asks.Count, rows.Count, part.Name);
        }

        return new(time.GetTimestamp(), [.. asks.Where(part.Covers)], rows.Count >= VastSearch.FullPage ? rows.Max(row => row["dph_total"].Number) : null);
    }

    /// <param name="SeenAt">Timestamp of the answer.</param>
    /// <param name="Asks">What it showed and we can use.</param>
    /// <param name="UpTo">Dollars an hour up to which it shows all; null = it shows all there is.</param>
    private sealed record SeenPart(long SeenAt, ImmutableArray<VastAsk> Asks, double? UpTo);
}
