using Orchestrator.Attempts;
using Orchestrator.Engine.Observing;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Observing;

public sealed class SightingTests
{
    private static readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void What_another_machine_lists_is_neither_the_instances_end_nor_an_extra_one() =>
        Assert.Null(Sighted("ssh/h1", Instance("ssh/lab", "lab.i-0123456789ab")));

    [Fact]
    public void Beside_the_one_on_its_own_machine_it_is_left_alone() =>
        Assert.Equal("h1.i-0123456789ab", Assert.Single(Sighted("ssh/h1", Instance("ssh/lab", "lab.i-0123456789ab"), Instance("ssh/h1", "h1.i-0123456789ab"))!.Instances).InstanceId);

    [Fact]
    public void Two_on_one_machine_are_both_seen() =>
        Assert.Equal(2, Sighted("ssh/h1", Instance("ssh/h1", "h1.i-0123456789ab"), Instance("ssh/h1", "h1.i-ba9876543210"))!.Instances.Length);

    [Fact]
    public void A_provider_without_hosts_is_taken_at_its_word() =>
        Assert.Equal(2, Sighted(null, Instance(null, "1"), Instance(null, "2"))!.Instances.Length);

    /// <summary>A marketplace may number its machines anew; what nobody saw would run on, with nobody owing its end.</summary>
    [Fact]
    public void What_an_account_that_rents_lists_is_ours_on_whatever_machine_it_is() =>
        Assert.Equal("4711", Assert.Single(Sighted("vast/7", Instance("vast/8", "4711"))!.Instances).InstanceId);

    [Fact]
    public void A_list_without_the_label_says_that_it_is_not_there() =>
        Assert.Empty(Sighted("ssh/h1", Instance("ssh/h1", "h1.i-ba9876543210") with { Label = "orc-e1-8-1" })!.Instances);

    private static ListingView? Sighted(string? host, params ListedInstance[] instances) => Observer.Sighted(
        new Listing(_now, new InstanceList(instances)),
        new Attempt
        {
            Number = 1, Phase = AttemptPhase.Running, PhaseSince = _now, PlannedAt = _now, Label = "orc-e1-7-1", InstanceId = "h1.i-0123456789ab",
            Offer = new OfferTaken { Provider = host?.Split('/')[0] ?? "ssh", OfferId = "h1:1", Capacity = CapacityType.OnDemand, HostKind = HostKind.Machine, Host = host, PricePerHour = Money.Zero },
        });

    private static ListedInstance Instance(string? host, string id) => new() { InstanceId = id, Host = host, Label = "orc-e1-7-1", Status = InstanceStatus.Running };
}
