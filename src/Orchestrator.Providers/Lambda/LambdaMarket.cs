using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orchestrator.Offers;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.Lambda;

/// <summary>The instance types: all in one answer, by name. Where they say there is some, three of eleven launches were refused.</summary>
internal sealed class LambdaMarket(LambdaApi api, ILogger log)
{
    public async Task<ImmutableArray<Offer>> ReadAsync(CancellationToken cancellation)
    {
        var call = new ApiCall(HttpMethod.Get, "api/v1/instance-types") { Lanes = LambdaLanes.All, Patience = TimeSpan.FromSeconds(5) };
        var data = await api.AskAsync(call, cancellation);
        if (!data.IsObject)
        {
            throw new ProviderException(ProviderErrorKind.Unknown, $"Lambda, {call}: the types are not named");
        }

        var read = data.Members.Select(member => (member.Name, Offers: LambdaType.Read(member.Value))).ToList();
        var left = read.Where(one => one.Offers is null).Select(one => one.Name).ToList();
        if (left.Count > 0 && left.Count == read.Count)
        {
            throw new ProviderException(ProviderErrorKind.Unknown, $"Lambda, {call}: none of {left.Count} types can be read, so the API has changed");
        }

        if (left.Count > 0)
        {
            log.LogInformation("Lambda: types that lack what an offer needs are left out: {Types}", OneLine.Of(string.Join(", ", left)));
        }

        return [.. read.Select(one => one.Offers).OfType<ImmutableArray<Offer>>().SelectMany(offers => offers)];
    }
}
