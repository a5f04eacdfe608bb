using System.Globalization;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.IntegrationTests.Artifacts.S3;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>A private image, whose login its owner gives to no rented host.</summary>
[Collection(RentedCollection.Name)]
public sealed class WithheldLoginTests(CephServer server, TestDocker docker) : RentedContainerTest(server, docker)
{
    private VastEmulator? _vast;

    protected override string Provider => "vast";

    protected override (string Variable, string Value) Key => ("VAST_API_KEY", "rented-key-4711");

    protected override string RegistryTerms => "";

    protected override IReadOnlyList<string> OnOffer => ["vast/7"];

    protected override IReadOnlyList<string> Rented => [.. _vast!.Rented.Select(id => id.ToString(CultureInfo.InvariantCulture))];

    protected override double Bill => _vast!.Bill;

    [CephFact(OnMachines = true)]
    public async Task The_job_pauses_at_once_with_what_to_do_and_nothing_is_rented()
    {
        var job = await SubmitAsync();

        var paused = await Own.UntilAsync(job, "paused", "succeeded", "failed", "cancelled");

        Assert.Equal("paused", paused["state"]!.GetValue<string>());
        var attempt = paused["attempts"]!.AsArray()[^1]!;
        Assert.Equal(("image-unusable", 0m), (attempt["endReason"]!.GetValue<string>(), attempt["cost"]!.GetValue<decimal>()));
        Assert.Contains("say hosts: yes under registries", attempt["why"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.EndsWith("then: orchestrator resume rented", attempt["why"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(Rented);
        Assert.DoesNotContain(_vast!.Asked, asked => asked.StartsWith("PUT api/v0/asks/", StringComparison.Ordinal));
    }

    protected override IEmulatedApi Open(IInstanceBackend backend)
    {
        _vast = new VastEmulator(TimeProvider.System, backend) { Key = Key.Value };
        _vast.Offer(new VastMachine { Id = 7 });
        return _vast;
    }

    protected override void Lose(string instance) => _vast!.Vanish(int.Parse(instance, CultureInfo.InvariantCulture));
}
