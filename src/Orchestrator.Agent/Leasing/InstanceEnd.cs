using System.Net.Http.Headers;
using System.Text;
using Orchestrator.Agent.Transfers;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Leasing;

/// <summary>Ends the instance we run in, with the one key its provider gives it for that.</summary>
internal sealed class InstanceEnd(TrustedAuthorities trust, TimeProvider time)
{
    /// <summary>Set where the agent is started; names that begin so never reach a trainer.</summary>
    public const string KeyVariable = "ORCHESTRATOR_INSTANCE_KEY";

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(20);

    /// <summary>Tries for as long as we are there to try: while we are, it costs money.</summary>
    public async Task DestroyAsync(Uri address, CancellationToken cancellation)
    {
        if (Environment.GetEnvironmentVariable(KeyVariable) is not { Length: > 0 } key)
        {
            Diagnostics.Write("lease: this instance has no key of its own and cannot end itself");
            return;
        }

        using var connections = new StoreConnections(trust);
        while (true)
        {
            Diagnostics.Write($"lease: asking {address.Host} to end this instance: {await AskAsync(connections, address, key, cancellation)}");
            await Task.Delay(Again, time, cancellation);
        }
    }

    /// <returns>What came of it, in words without the key.</returns>
    private static async Task<string> AskAsync(StoreConnections connections, Uri address, string key, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LeaseEnding.Asking);
        using var request = new HttpRequestMessage(HttpMethod.Delete, address) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        // One provider's edge refuses those who name nobody, before the API sees the key.
        request.Headers.TryAddWithoutValidation("User-Agent", "orchestrator-agent");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            using var answer = await connections.SendAsync(request, limit.Token);
            return answer.IsSuccessStatusCode ? "accepted" : $"HTTP {(int)answer.StatusCode}";
        }
        catch (Exception failure) when (failure is HttpRequestException or StoreException or IOException || !cancellation.IsCancellationRequested)
        {
            return failure.GetType().Name + ": " + failure.Message;
        }
    }
}
