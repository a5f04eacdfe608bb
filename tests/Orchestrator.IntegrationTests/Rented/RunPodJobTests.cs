using Orchestrator.Emulators;
using Orchestrator.Emulators.RunPod;
using Orchestrator.IntegrationTests.Artifacts.S3;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>At RunPod, on demand: the host of a pod fails, and the platform says EXITED.</summary>
[Collection(RentedCollection.Name)]
public sealed class RunPodJobTests(CephServer server, TestDocker docker) : RentedContainerTest(server, docker)
{
    private RunPodEmulator? _runPod;

    protected override string Provider => "runpod";

    protected override (string Variable, string Value) Key => ("RUNPOD_API_KEY", "rpa_rented_key_4711");

    protected override IReadOnlyList<string> OnOffer => ["EU-RO-1", "CA-MTL-1"];

    protected override IReadOnlyList<string> Rented => _runPod!.Rented;

    protected override double Bill => _runPod!.Bill;

    [CephFact(OnMachines = true)]
    public Task A_job_whose_host_fails_goes_on_elsewhere_and_leaves_nothing_behind() => GoesOnElsewhereAndLeavesNothingAsync();

    [CephFact(OnMachines = true)]
    public Task A_host_whose_server_is_gone_for_good_saves_and_ends_itself() => SavesAndEndsItselfWithoutAServerAsync();

    protected override IEmulatedApi Open(IInstanceBackend backend)
    {
        var second = TimeSpan.FromSeconds(1);
        _runPod = new RunPodEmulator(TimeProvider.System, backend) { Key = Key.Value, Switches = new RunPodSwitches { Provisioning = second, Pulling = second, Opening = second } };
        _runPod.Add(new RunPodCardEntry());
        _runPod.Add(new RunPodHost { Id = 7 });
        _runPod.Add(new RunPodHost { Id = 8, DataCenter = "CA-MTL-1" });
        return _runPod;
    }

    protected override void Lose(string instance) => _runPod!.LoseHost(instance);
}
