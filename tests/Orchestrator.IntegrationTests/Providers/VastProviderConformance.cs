using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.VastAi;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Over the emulator, by its address. Nothing stands behind its instances yet.</summary>
public sealed class VastProviderConformance : ProviderConformance
{
    private const string Key = "conformance-key";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly VastEmulator _vast = new(TimeProvider.System, new NoBackend())
    {
        Key = Key,
        Switches = new VastSwitches { Provisioning = TimeSpan.Zero, Creating = TimeSpan.Zero, Loading = TimeSpan.Zero, Opening = TimeSpan.Zero },
    };

    private EmulatorServer? _server;
    private VastProvider? _provider;

    protected override IProvider Provider => _provider!;

    public override async Task InitializeAsync()
    {
        for (var machine = 1; machine <= 4; machine++)
        {
            _vast.Offer(new VastMachine { Id = machine });
        }

        _server = await EmulatorServer.StartAsync(_vast);
        var api = new ApiOptions { BaseAddress = _server.Address };
        _provider = new VastProvider(new VastOptions { Api = api, SearchesPerLook = 40 }, new ApiClient(_http, "vast", () => Key, api, new NoPacer()), new ThrowawayKeys(), TimeProvider.System);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _provider!.Dispose();
        await _server!.DisposeAsync();
        _http.Dispose();
    }

    protected override void LoseNextReply() => _vast.FailNext("PUT", "api/v0/asks/", VastFault.AnswerLost);

    protected override void RefuseNextCreate() => _vast.FailNext("PUT", "api/v0/asks/", VastFault.OfferGone);

    protected override void FailNextList() => _vast.FailNext("GET", "api/v1/instances/", VastFault.BadGateway);

    protected override Task KillAsync(string instanceId)
    {
        _vast.Outbid(int.Parse(instanceId));
        return Task.CompletedTask;
    }
}
