using Microsoft.Extensions.Logging;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.VastAi;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Vast.ai, with one setting of what nobody has confirmed about it.</summary>
public abstract class VastConformance : AccountConformance
{
    private readonly VastEmulator _vast;

    protected VastConformance(VastSwitches switches)
    {
        _vast = new VastEmulator(Clock, new NoBackend()) { Key = Key, Switches = switches };
        for (var machine = 1; machine <= 4; machine++)
        {
            _vast.Offer(new VastMachine { Id = machine });
        }
    }

    protected override IEmulatedApi Emulator => _vast;

    protected override string Account => "vast";

    protected override (string Method, string Path) Create => ("PUT", "api/v0/asks/");

    protected override (string Method, string Path) Destroy => ("DELETE", "api/v0/instances/");

    protected override (string Method, string Path) Market => ("POST", "api/v0/bundles/");

    protected override string List => "api/v1/instances/";

    protected override string OfAccount => "api/v0/users/current/";

    protected override string? Charges => "api/v0/charges/";

    protected override string Failure(int status, string words) => $$"""{"success":false,"msg":"{{words}}"}""";

    protected override IProvider Make(ApiOptions api, ApiClient client, ILoggerFactory log) =>
        new VastProvider(new VastOptions { Api = api, SearchesPerLook = 40 }, client, new ThrowawayKeys(), Clock, log.CreateLogger<VastProvider>());

    protected override void LoseNextReply() => _vast.FailNext("PUT", "api/v0/asks/", VastFault.AnswerLost);

    protected override void RefuseNextCreate() => _vast.FailNext("PUT", "api/v0/asks/", VastFault.OfferGone);

    protected override void FailNextList() => _vast.FailNext("GET", "api/v1/instances/", VastFault.BadGateway);

    protected override Task KillAsync(string instanceId)
    {
        _vast.Outbid(int.Parse(instanceId));
        return Task.CompletedTask;
    }
}
