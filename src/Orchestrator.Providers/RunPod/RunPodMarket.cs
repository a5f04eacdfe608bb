using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Offers;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.RunPod;

/// <summary>The catalogue: one call for each cloud and number of cards.</summary>
internal sealed class RunPodMarket(RunPodApi api, RunPodOptions options, ILogger log)
{
    private static readonly ImmutableArray<int> _counts = [1, 2, 4, 8];

    /// <summary>Whatever driver it asks for.</summary>
    public static string StockOf(Offer offer) => RunPodPlace.Parse(offer.Id)?.Stock.ToString() ?? offer.Id;

    public async Task<ImmutableArray<Offer>> ReadAsync(CancellationToken cancellation)
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
