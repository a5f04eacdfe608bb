using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.VastAi;

namespace Orchestrator.IntegrationTests.Providers;

public sealed class VastProviderConformance : AccountConformance
{
    private readonly VastEmulator _vast = new(TimeProvider.System, new NoBackend())
    {
        Key = Key,
        Switches = new VastSwitches { Provisioning = TimeSpan.Zero, Creating = TimeSpan.Zero, Loading = TimeSpan.Zero, Opening = TimeSpan.Zero },
    };

    public VastProviderConformance()
    {
        for (var machine = 1; machine <= 4; machine++)
        {
            _vast.Offer(new VastMachine { Id = machine });
        }
    }

    protected override IEmulatedApi Emulator => _vast;

    protected override string Account => "vast";

    protected override (string Method, string Path) Create => ("PUT", "api/v0/asks/");

    protected override string List => "api/v1/instances/";

    protected override string Failure(int status, string words) => $$"""{"success":false,"msg":"{{words}}"}""";

    protected override IProvider Make(ApiOptions api, ApiClient client) => new VastProvider(new VastOptions { Api = api, SearchesPerLook = 40 }, client, new ThrowawayKeys(), TimeProvider.System);

    protected override void LoseNextReply() => _vast.FailNext("PUT", "api/v0/asks/", VastFault.AnswerLost);

    protected override void RefuseNextCreate() => _vast.FailNext("PUT", "api/v0/asks/", VastFault.OfferGone);

    protected override void FailNextList() => _vast.FailNext("GET", "api/v1/instances/", VastFault.BadGateway);

    protected override Task KillAsync(string instanceId)
    {
        _vast.Outbid(int.Parse(instanceId));
        return Task.CompletedTask;
    }
}
