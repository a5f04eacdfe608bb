using Orchestrator.Attempts;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Control;
using Orchestrator.Emulators.Lambda;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Emulators.Vast;
using Orchestrator.Providers;
using Orchestrator.Tests.Providers.Lambda;
using Orchestrator.Tests.Providers.RunPod;
using Orchestrator.Tests.Providers.Vast;
using Xunit;

namespace Orchestrator.Tests.Emulators;

/// <summary>The switches that all emulated clouds have, as ordinary clients meet them.</summary>
public sealed class EveryCloudTests : IDisposable
{
    private readonly NoBackend _containers = new();
    private readonly BookedMachines _machines = new();
    private readonly Dictionary<string, (CloudControls Controls, IProvider Provider)> _clouds = [];
    private readonly List<IDisposable> _desks;

    public EveryCloudTests()
    {
        var vast = new VastDesk(Line("vast"));
        var runPod = new RunPodDesk(Line("runpod"));
        var lambda = new LambdaDesk(Line("lambda"));
        _desks = [vast, runPod, lambda];
        var asks = new VastEmulator(vast.Time, _containers) { Key = VastDesk.ApiKey };
        asks.Offer(new VastMachine { Id = 1 });
        asks.Offer(new VastMachine { Id = 2, Price = 0.9 });
        var pods = new RunPodEmulator(runPod.Time, _containers) { Key = RunPodDesk.ApiKey };
        pods.Add(new RunPodCardEntry());
        pods.Add(new RunPodHost { Id = 1, Gpus = 2 });
        var machines = new LambdaEmulator(lambda.Time, _machines) { Key = LambdaDesk.ApiKey };
        machines.Add(new LambdaTypeEntry { Stock = new Dictionary<string, int> { ["us-west-1"] = 2 } });
        _clouds["vast"] = (Clouds.Of(asks), vast.Provider);
        _clouds["runpod"] = (Clouds.Of(pods), runPod.Provider);
        _clouds["lambda"] = (Clouds.Of(machines), lambda.Provider);
    }

    public void Dispose() => _desks.ForEach(desk => desk.Dispose());

    [Theory]
    [InlineData("vast", "list-edge-page", ProviderErrorKind.RateLimited)]
    [InlineData("vast", "list-too-frequent", ProviderErrorKind.RateLimited)]
    [InlineData("vast", "list-bad-gateway", ProviderErrorKind.Transient)]
    [InlineData("runpod", "list-edge-page", ProviderErrorKind.RateLimited)]
    [InlineData("runpod", "list-too-many", ProviderErrorKind.RateLimited)]
    [InlineData("runpod", "list-retired", ProviderErrorKind.Gone)]
    [InlineData("lambda", "list-edge-page", ProviderErrorKind.RateLimited)]
    [InlineData("lambda", "list-too-many", ProviderErrorKind.RateLimited)]
    [InlineData("lambda", "list-account-inactive", ProviderErrorKind.Unauthorized)]
    public async Task A_list_may_fail_once(string cloud, string what, ProviderErrorKind kind)
    {
        var (controls, provider) = _clouds[cloud];
        Assert.True(controls.Throw(what, null));

        Assert.Equal(kind, (await Assert.ThrowsAsync<ProviderException>(() => provider.ListInstancesAsync(default))).Kind);
        Assert.Empty(await provider.ListInstancesAsync(default));
    }

    [Theory]
    [InlineData("vast", "create-dead-card", true, false, false)]
    [InlineData("vast", "create-dead-cuda", false, true, false)]
    [InlineData("vast", "create-old-driver", false, false, true)]
    [InlineData("runpod", "create-dead-card", true, false, false)]
    [InlineData("runpod", "create-dead-cuda", false, true, false)]
    [InlineData("lambda", "create-dead-card", true, false, false)]
    [InlineData("lambda", "create-dead-cuda", false, true, false)]
    [InlineData("lambda", "create-old-driver", false, false, true)]
    public async Task The_card_of_one_that_boots_may_be_of_no_use(string cloud, string what, bool isCardDead, bool isCudaDead, bool isDriverOld)
    {
        var (controls, provider) = _clouds[cloud];
        Assert.True(controls.Throw(what, null));
        await RentAsync(provider, 1);
        await RentAsync(provider, 2);

        Assert.Equal(
            [(isCardDead, isCudaDead, isDriverOld), (false, false, false)],
            _containers.Orders.OrderBy(order => order.Key, StringComparer.Ordinal).Select(order => (order.Value.IsCardDead, order.Value.IsCudaDead, order.Value.IsDriverOld))
                .Concat(_machines.Orders.OrderBy(order => order.Key, StringComparer.Ordinal).Select(order => (order.Value.IsCardDead, order.Value.IsCudaDead, order.Value.IsDriverOld))));
    }

    private static async Task RentAsync(IProvider provider, int job)
    {
        var offer = (await provider.ListOffersAsync(default)).First(one => one.GpuCount == 1 && one.Capacity == Offers.CapacityType.OnDemand);
        await provider.CreateAsync(new LaunchRequest { Label = $"orc-e1-{job}-1", JobName = "test", Offer = OfferTaken.Of(offer, null) with { DiskBytes = 40_000_000_000 } }, default);
    }

    private InProcessHandler Line(string cloud) => new(new LateApi(() => _clouds[cloud].Controls.Api));
}
