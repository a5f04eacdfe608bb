using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Attempts;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.VastAi;
using Orchestrator.Tests.Http;

namespace Orchestrator.Tests.Providers.Vast;

/// <summary>The provider before a server that a test scripts, and what it was sent.</summary>
internal sealed class VastDesk : IDisposable
{
    public const string ApiKey = "vast-key-0123456789";

    public VastDesk(HttpMessageHandler server, VastOptions? options = null)
    {
        Provider = new VastProvider(
            options ?? new VastOptions { SearchesPerLook = 40 }, new ApiClient(new HttpMessageInvoker(server), "vast", () => ApiKey, new VastOptions().Api, Pacer), Keys, Time);
    }

    public VastProvider Provider { get; }

    public TestKeys Keys { get; } = new();

    public OpenPacer Pacer { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Method, path and body of every request.</summary>
    public List<(string Method, string Path, JsonNode? Body)> Sent { get; } = [];

    /// <summary>Answers each request with the first script whose method and path it begins with; what none names is a failure of the test.</summary>
    public static VastDesk Of(params (string Request, int Status, string Body)[] script)
    {
        VastDesk? desk = null;
        var left = script.ToList();
        var server = new ScriptedHandler(request =>
        {
            var path = request.RequestUri!.PathAndQuery;
            desk!.Sent.Add((request.Method.Method, path, request.Content is null ? null : JsonNode.Parse(new StreamReader(request.Content.ReadAsStream()).ReadToEnd())));
            var at = left.FindIndex(one => $"{request.Method} {path}".StartsWith(one.Request, StringComparison.Ordinal));
            if (at < 0)
            {
                throw new InvalidOperationException($"no script for {request.Method} {path}");
            }

            var (_, status, body) = left[at];
            // The last one of its kind stays.
            if (left.FindLastIndex(one => one.Request == left[at].Request) != at)
            {
                left.RemoveAt(at);
            }

            return ScriptedHandler.Text(body, (HttpStatusCode)status);
        });
        return desk = new VastDesk(server);
    }

    public static LaunchRequest Launch(string label = "orc-e1-7-1", CapacityType capacity = CapacityType.OnDemand, decimal price = 0.3334m, string offer = "31847205") => new()
    {
        Label = label,
        JobName = "test",
        Offer = new OfferTaken
        {
            Provider = "vast", OfferId = offer, Capacity = capacity, HostKind = HostKind.Container, Host = "vast/48213", PricePerHour = Money.FromDollars(price), DiskBytes = 40_000_000_000,
        },
    };

    public static Task<ProviderException> FailsAsync(Func<Task> call) => Xunit.Assert.ThrowsAsync<ProviderException>(call);

    public void Dispose() => Provider.Dispose();
}
