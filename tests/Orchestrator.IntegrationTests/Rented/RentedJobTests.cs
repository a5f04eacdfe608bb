using System.Globalization;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.IntegrationTests.Artifacts.S3;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>At Vast.ai, by bid: what is lost is outbid.</summary>
[Collection(CephCollection.Name)]
public sealed class RentedJobTests(CephServer server, TestDocker docker) : RentedContainerTest(server, docker)
{
    private VastEmulator? _vast;

    protected override string Provider => "vast";

    protected override (string Variable, string Value) Key => ("VAST_API_KEY", "rented-key-4711");

    protected override string Choice => "capacity: interruptible, ";

    protected override IReadOnlyList<string> OnOffer => ["vast/7", "vast/8"];

    protected override IReadOnlyList<string> Rented => [.. _vast!.Rented.Select(id => id.ToString(CultureInfo.InvariantCulture))];

    protected override double Bill => _vast!.Bill;

    [CephFact(OnMachines = true)]
    public Task A_job_that_is_outbid_goes_on_elsewhere_and_leaves_nothing_behind() => GoesOnElsewhereAndLeavesNothingAsync();

    [CephFact(OnMachines = true)]
    public Task A_host_whose_server_is_gone_for_good_saves_and_ends_itself() => SavesAndEndsItselfWithoutAServerAsync();

    [CephFact(OnMachines = true)]
    public Task A_rehearsal_is_killed_on_one_host_and_resumes_on_another() => IsRehearsedOnTwoHostsAndLeavesNothingAsync();

    protected override IEmulatedApi Open(IInstanceBackend backend)
    {
        _vast = new VastEmulator(TimeProvider.System, backend)
        {
            Key = Key.Value,
            Switches = new VastSwitches { Provisioning = TimeSpan.FromSeconds(1), Creating = TimeSpan.FromSeconds(1), Loading = TimeSpan.FromSeconds(1), Opening = TimeSpan.FromSeconds(1) },
        };
        _vast.Offer(new VastMachine { Id = 7 });
        _vast.Offer(new VastMachine { Id = 8, Price = 0.5, LeastBid = 0.3 });
        return _vast;
    }

    protected override void Lose(string instance) => _vast!.Outbid(int.Parse(instance, CultureInfo.InvariantCulture));
}
