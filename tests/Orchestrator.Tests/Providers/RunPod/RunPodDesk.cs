using Microsoft.Extensions.Time.Testing;
using Orchestrator.Attempts;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.RunPod;
using Orchestrator.Tests.Http;
using Orchestrator.Tests.Providers.Vast;

namespace Orchestrator.Tests.Providers.RunPod;

/// <summary>The provider before a server that a test scripts.</summary>
internal sealed class RunPodDesk : IDisposable
{
    public const string ApiKey = "rpa_0123456789abcdef";
    public const string OfferId = "secure/NVIDIA GeForce RTX 4090/2/EU-RO-1/cuda12.8";

    public RunPodDesk(HttpMessageHandler server, RunPodOptions? options = null)
    {
        var chosen = options ?? new RunPodOptions();
        Provider = new RunPodProvider(chosen, new ApiClient(new HttpMessageInvoker(server), "runpod", () => ApiKey, chosen.Api, Pacer), Keys, Time);
    }

    public RunPodProvider Provider { get; }

    public TestKeys Keys { get; } = new();

    public OpenPacer Pacer { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 20, 9, 15, 0, TimeSpan.Zero));

    public static LaunchRequest Launch(string label = "orc-e1-7-1", string offer = OfferId, int gpus = 2) => new()
    {
        Label = label,
        JobName = "test",
        Offer = new OfferTaken
        {
            Provider = "runpod", OfferId = offer, Capacity = CapacityType.OnDemand, HostKind = HostKind.Container, PricePerHour = Money.FromDollars(1.48m), GpuCount = gpus,
            DiskBytes = 40_000_000_000, Cpus = 4 * gpus, MemoryBytes = 24_000_000_000L * gpus,
        },
    };

    public static Task<ProviderException> FailsAsync(Func<Task> call) => Xunit.Assert.ThrowsAsync<ProviderException>(call);

    public void Dispose() => Provider.Dispose();
}
