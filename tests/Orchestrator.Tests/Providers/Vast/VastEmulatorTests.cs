using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Orchestrator.Tests.Emulators;
using Xunit;

namespace Orchestrator.Tests.Providers.Vast;

/// <summary>The provider against the emulator, without a network: lives of instances, and what the contract leaves open, either way.</summary>
public sealed partial class VastEmulatorTests
{
    private readonly NoBackend _backend = new();

    [Fact]
    public async Task An_instance_is_rented_boots_and_is_destroyed()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 48213 });

        var id = await CreateAsync(desk);
        Assert.Equal(InstanceStatus.Booting, (await ListedAsync(desk)).Status);

        desk.Time.Advance(TimeSpan.FromMinutes(3));
        var running = await ListedAsync(desk);
        Assert.Equal((id, InstanceStatus.Running, "vast/48213", "orc-e1-7-1"), (running.InstanceId, running.Status, running.Host, running.Label));
        Assert.NotNull(await desk.Provider.GetEndpointAsync(id, default));
        Assert.Empty(await desk.Provider.ListOffersAsync(default));

        await desk.Provider.DestroyAsync(id, default);
        Assert.Empty(await desk.Provider.ListInstancesAsync(default));
        Assert.Empty(_backend.Kept);
        Assert.Equal(2, (await desk.Provider.ListOffersAsync(default)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_is_outbid_is_stopped(bool staysWanted)
    {
        var (desk, vast) = Start(new VastSwitches { OutbidStaysWanted = staysWanted });
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        var id = await CreateAsync(desk, CapacityType.Interruptible);
        desk.Time.Advance(TimeSpan.FromHours(1));

        vast.Outbid(vast.Rented[0]);

        var stopped = await ListedAsync(desk);
        Assert.Equal(InstanceStatus.Stopped, stopped.Status);
        Assert.Contains("the lowest bid is now", stopped.Words, StringComparison.Ordinal);
        await desk.Provider.DestroyAsync(id, default);
        Assert.Empty(vast.Rented);
    }

    [Fact]
    public async Task Where_it_is_entered_is_read_from_the_list_while_that_is_new()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        var id = await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromMinutes(3));
        await ListedAsync(desk);

        var listed = await desk.Provider.GetEndpointAsync(id, default);
        Assert.DoesNotContain($"GET api/v0/instances/{id}/", vast.Asked);

        desk.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(listed, await desk.Provider.GetEndpointAsync(id, default));
        Assert.Contains($"GET api/v0/instances/{id}/", vast.Asked);
    }

    [Fact]
    public async Task The_key_of_an_instance_ends_it_and_nothing_else()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Key = VastDesk.ApiKey;
        vast.Offer(new VastMachine { Id = 1 });
        vast.Offer(new VastMachine { Id = 2 });
        var (first, second) = (await CreateAsync(desk), await CreateAsync(desk));
        var key = _backend.Orders[first].Environment["CONTAINER_API_KEY"];

        Assert.Equal(404, End(second).Status);
        Assert.Equal(200, End(first).Status);
        Assert.Equal([int.Parse(second)], vast.Rented);

        EmulatedAnswer End(string id) =>
            vast.Answer(new("DELETE", desk.Provider.EndOf(id).AbsolutePath.TrimStart('/'), new Dictionary<string, string>(), key, "{}"));
    }

    [Fact]
    public async Task A_bid_below_the_floor_leaves_nothing()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        var offer = (await desk.Provider.ListOffersAsync(default)).Single(one => one.Capacity == CapacityType.Interruptible);

        var refused = await VastDesk.FailsAsync(() => desk.Provider.CreateAsync(VastDesk.Launch(capacity: CapacityType.Interruptible, price: 0.2m, offer: offer.Id), default));

        Assert.Equal(ProviderErrorKind.NoCapacity, refused.Kind);
        Assert.Empty(vast.Rented);
    }

    /// <summary>The floor has ten digits, a bid six: rounded down it would be refused.</summary>
    [Fact]
    public async Task The_floor_as_we_read_it_is_enough()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1, LeastBid = 0.0093333333, Price = 0.01 });

        await CreateAsync(desk, CapacityType.Interruptible);

        Assert.Single(vast.Rented);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(400)]
    [InlineData(200)]
    public async Task An_offer_that_vanished_says_so_whatever_the_status(int status)
    {
        var (desk, vast) = Start(new VastSwitches { VanishedStatus = status });
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        vast.FailNext("PUT", "api/v0/asks/", VastFault.OfferGone);

        Assert.Equal(ProviderErrorKind.NoCapacity, (await VastDesk.FailsAsync(() => CreateAsync(desk))).Kind);
        Assert.Empty(vast.Rented);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("404")]
    public async Task What_was_destroyed_is_not_found_in_any_of_the_answers(string after)
    {
        var (desk, vast) = Start(new VastSwitches { AfterDestroy = after });
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        var id = await CreateAsync(desk);
        await desk.Provider.DestroyAsync(id, default);

        Assert.Equal(ProviderErrorKind.NotFound, (await VastDesk.FailsAsync(() => desk.Provider.GetEndpointAsync(id, default))).Kind);
        Assert.Equal(ProviderErrorKind.NotFound, (await VastDesk.FailsAsync(() => desk.Provider.DestroyAsync(id, default))).Kind);
    }

    [Fact]
    public async Task A_list_longer_than_a_page_is_whole()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        for (var machine = 1; machine <= 60; machine++)
        {
            vast.Offer(new VastMachine { Id = machine });
        }

        foreach (var offer in (await desk.Provider.ListOffersAsync(default)).Where(offer => offer.Capacity == CapacityType.OnDemand))
        {
            await desk.Provider.CreateAsync(VastDesk.Launch($"orc-e1-{offer.Id}-1", offer: offer.Id), default);
        }

        Assert.Equal(60, (await desk.Provider.ListInstancesAsync(default)).Select(instance => instance.InstanceId).Distinct().Count());
    }

    [Fact]
    public async Task Of_overlapping_asks_one_can_be_rented()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1, Gpus = 4 });
        var offers = (await desk.Provider.ListOffersAsync(default)).Where(offer => offer.Capacity == CapacityType.OnDemand).ToList();
        Assert.Equal([1, 1, 1, 1, 2, 2, 4], offers.Select(offer => offer.GpuCount).Order());

        await desk.Provider.CreateAsync(VastDesk.Launch(offer: offers.Single(offer => offer.GpuCount == 4).Id), default);

        Assert.Equal(ProviderErrorKind.NoCapacity, (await VastDesk.FailsAsync(() => desk.Provider.CreateAsync(VastDesk.Launch(offer: offers.First(offer => offer.GpuCount == 1).Id), default))).Kind);
    }

    [Fact]
    public void Underscores_find_no_card_and_an_id_finds_no_row()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        var ask = vast.Offer(new VastMachine { Id = 1 })[0];

        Assert.Equal([0, 1, 0, 1], ((string[])["""{"gpu_name":{"eq":"RTX_4090"}}""", """{"gpu_name":{"eq":"RTX 4090"}}""", $$$"""{"id":{"eq":{{{ask}}}}}""", $$$"""{"ask_contract_id":{"eq":{{{ask}}}}}"""])
            .Select(query => Rows(vast, query)));
    }

    private static int Rows(VastEmulator vast, string query) =>
        new EmulatedRequest("", "", new Dictionary<string, string>(), null, vast.Answer(new("POST", "api/v0/bundles/", new Dictionary<string, string>(), null, query)).Body).Body!["offers"]!.AsArray().Count;

    private (VastDesk Desk, VastEmulator Vast) Start(VastSwitches? switches = null)
    {
        VastEmulator? vast = null;
        var desk = new VastDesk(new InProcessHandler(new LateApi(() => vast!)));
        vast = new VastEmulator(desk.Time, _backend) { Switches = switches ?? new VastSwitches(), Key = VastDesk.ApiKey };
        return (desk, vast);
    }

    private static async Task<string> CreateAsync(VastDesk desk, CapacityType capacity = CapacityType.OnDemand)
    {
        var offer = (await desk.Provider.ListOffersAsync(default)).First(one => one.Capacity == capacity);
        return await desk.Provider.CreateAsync(VastDesk.Launch(capacity: capacity, price: offer.PricePerHour.Dollars, offer: offer.Id), default);
    }

    private static async Task<ListedInstance> ListedAsync(VastDesk desk) => Assert.Single(await desk.Provider.ListInstancesAsync(default));
}
