using Microsoft.Extensions.Time.Testing;
using Orchestrator.Attempts;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Lambda;
using Orchestrator.Tests.Http;
using Orchestrator.Tests.Providers.Vast;

namespace Orchestrator.Tests.Providers.Lambda;

/// <summary>The provider before a server that a test scripts.</summary>
internal sealed class LambdaDesk : IDisposable
{
    public const string ApiKey = "secret_lambda_0123456789";
    public const string OfferId = "gpu_1x_a10/us-west-1";

    public LambdaDesk(HttpMessageHandler server)
    {
        var options = new LambdaOptions();
        Provider = new LambdaProvider(options, new ApiClient(new HttpMessageInvoker(server), "lambda", () => ApiKey, options.Api, Pacer), Keys, Time);
    }

    public LambdaProvider Provider { get; }

    public TestKeys Keys { get; } = new();

    public OpenPacer Pacer { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));

    public static LaunchRequest Launch(string label = "orc-e1-7-1", string offer = OfferId) => new()
    {
        Label = label,
        JobName = "test",
        Offer = new OfferTaken { Provider = "lambda", OfferId = offer, Capacity = CapacityType.OnDemand, HostKind = HostKind.Machine, PricePerHour = Money.FromDollars(1.29m), GpuCount = 1 },
    };

    public static Task<ProviderException> FailsAsync(Func<Task> call) => Xunit.Assert.ThrowsAsync<ProviderException>(call);

    public void Dispose() => Provider.Dispose();
}
