using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.RunPod;

/// <summary>
/// What is left on the account. REST does not say; the old API does, until it is retired. So this is all that is asked of it, and its
/// failure only means that the balance is not known.
/// </summary>
internal sealed class RunPodBalance(ApiClient client, ILogger log)
{
    public async Task<AccountState> ReadAsync(CancellationToken cancellation)
    {
        var call = new ApiCall(HttpMethod.Post, "graphql") { Body = new JsonObject { ["query"] = "query { myself { id email clientBalance currentSpendPerHr } }" }, Lanes = RunPodLanes.GraphQl };
        try
        {
            var answer = await client.SendAsync(call, cancellation);
            var account = answer.Fields["data"]["myself"];
            if (answer.IsSuccess && account["clientBalance"].Number is { } balance && Math.Abs(balance) < 1e9)
            {
                return new(account["email"].Text ?? account["id"].Text, Money.FromDollars((decimal)balance));
            }

            log.LogInformation("RunPod's old API does not say what is left on the account (HTTP {Status}): {Words}", (int)answer.Status, answer.Words);
        }
        catch (ProviderException away)
        {
            log.LogInformation("RunPod's old API does not say what is left on the account: {Words}", away.Message);
        }

        return new(null, null);
    }
}
