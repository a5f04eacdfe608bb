using Orchestrator.Emulators;
using Orchestrator.Emulators.Control;
using Orchestrator.Emulators.Lambda;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Emulators.Vast;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Orchestrator.Tests.Providers.Vast;
using Xunit;

namespace Orchestrator.Tests.Emulators;

/// <summary>The switches of the emulated clouds, as an ordinary client meets them.</summary>
public sealed class CloudControlsTests : IDisposable
{
    private readonly NoBackend _backend = new();
    private readonly VastEmulator _vast;
    private readonly CloudControls _cloud;
    private readonly VastDesk _desk;

    public CloudControlsTests()
    {
        _desk = new VastDesk(new InProcessHandler(new LateApi(() => _cloud!.Api)));
        _vast = new VastEmulator(_desk.Time, _backend) { Key = VastDesk.ApiKey };
        _vast.Offer(new VastMachine { Id = 1 });
        _vast.Offer(new VastMachine { Id = 2, Price = 0.9 });
        _cloud = Clouds.Of(_vast);
    }

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData("outbid", InstanceStatus.Stopped)]
    [InlineData("outbid-stays-wanted", InstanceStatus.Stopped)]
    [InlineData("flip-to-stopped", InstanceStatus.Stopped)]
    [InlineData("contract-ends", InstanceStatus.Stopped)]
    [InlineData("offline", InstanceStatus.Unknown)]
    [InlineData("destroyed-by-provider", null)]
    public async Task Whatever_befalls_an_instance_shows_in_the_list(string what, InstanceStatus? shown)
    {
        var id = await RentAsync();
        _desk.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(InstanceStatus.Running, Assert.Single(await ListAsync()).Status);

        Assert.True(_cloud.Throw(what, id));

        Assert.Equal(shown, (await ListAsync()).SingleOrDefault()?.Status);
        if (what == "offline")
        {
            Assert.True(_cloud.Throw("online", id));
            Assert.Equal(InstanceStatus.Running, Assert.Single(await ListAsync()).Status);
        }
    }

    [Theory]
    [InlineData("create-stuck-loading", InstanceStatus.Booting)]
    [InlineData("create-no-ssh", InstanceStatus.Running)]
    [InlineData("create-driver-too-old", InstanceStatus.Stopped)]
    [InlineData("create-broken-card", InstanceStatus.Stopped)]
    public async Task A_rental_may_begin_badly(string what, InstanceStatus shown)
    {
        Assert.True(_cloud.Throw(what, null));
        await RentAsync();
        _desk.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(shown, Assert.Single(await ListAsync()).Status);
        Assert.Equal(what == "create-no-ssh", _backend.Orders.Values.Any(order => order.Entrypoint == "/bin/sh" && order.Arguments[1].Contains("sleep", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("create-offer-gone", ProviderErrorKind.NoCapacity, 0)]
    [InlineData("create-answer-lost", ProviderErrorKind.Transient, 1)]
    [InlineData("create-error-afterwards", ProviderErrorKind.Transient, 1)]
    [InlineData("create-too-frequent", ProviderErrorKind.RateLimited, 0)]
    // Nobody knows what the edge let through.
    [InlineData("create-edge-page", ProviderErrorKind.Unknown, 0)]
    public async Task A_create_call_may_fail_and_rent_all_the_same(string what, ProviderErrorKind kind, int rented)
    {
        _cloud.Throw(what, null);

        Assert.Equal(kind, (await Assert.ThrowsAsync<ProviderException>(RentAsync)).Kind);

        Assert.Equal(rented, (await ListAsync()).Count);
    }

    [Fact]
    public async Task A_destroy_may_be_accepted_and_not_done()
    {
        var id = await RentAsync();
        _cloud.Throw("destroy-ignored", null);

        await _desk.Provider.DestroyAsync(id, default);
        Assert.Single(await ListAsync());
        await _desk.Provider.DestroyAsync(id, default);

        Assert.Empty(await ListAsync());
        Assert.True(Assert.Single(_cloud.Bills()) is { IsGone: true, Status: "gone" });
        Assert.False(_cloud.Throw("outbid", id));
    }

    [Fact]
    public async Task The_account_and_the_line_have_switches_of_their_own()
    {
        _cloud.Throw("list-lags", null);
        var id = await RentAsync();
        Assert.Empty(await ListAsync());
        _desk.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Single(await ListAsync());

        _cloud.Throw("api-down", null);
        Assert.Equal(ProviderErrorKind.Transient, (await Assert.ThrowsAsync<ProviderException>(ListAsync)).Kind);
        _cloud.Throw("api-up", null);
        _cloud.Throw("key-revoked", null);
        Assert.Equal(ProviderErrorKind.Unauthorized, (await Assert.ThrowsAsync<ProviderException>(ListAsync)).Kind);
        _cloud.Throw("key-good-again", null);

        _cloud.Throw("money-spent", null);
        _desk.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(InstanceStatus.Stopped, Assert.Single(await ListAsync()).Status);
        Assert.Equal(ProviderErrorKind.InsufficientFunds, (await Assert.ThrowsAsync<ProviderException>(() => RentAsync(machine: 2))).Kind);
        Assert.False(_cloud.Throw("no-such-switch", id));
        Assert.False(_cloud.Throw("no-such-switch", null));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_key_that_is_not_known_is_refused_by_any_status(int status)
    {
        _vast.Switches = new VastSwitches { UnknownKeyStatus = status };
        _cloud.Throw("key-revoked", null);

        Assert.Equal(ProviderErrorKind.Unauthorized, (await Assert.ThrowsAsync<ProviderException>(ListAsync)).Kind);
        Assert.Equal(ProviderErrorKind.Unauthorized, (await Assert.ThrowsAsync<ProviderException>(RentAsync)).Kind);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(402, false)]
    [InlineData(200, false)]
    [InlineData(400, true)]
    [InlineData(402, true)]
    [InlineData(429, true)]
    public async Task Want_of_money_is_understood_in_any_form_and_rents_nothing(int status, bool isSpendRate)
    {
        _vast.Switches = new VastSwitches { NoCreditStatus = status, NoCreditIsSpendRate = isSpendRate };
        _cloud.Throw("money-spent", null);

        var refused = await Assert.ThrowsAsync<ProviderException>(RentAsync);

        // A refusal for the limit is one whatever its words: to wait is right for either.
        Assert.Equal(status == 429 ? ProviderErrorKind.RateLimited : ProviderErrorKind.InsufficientFunds, refused.Kind);
        Assert.Empty(_vast.Rented);
    }

    /// <summary>Nobody says what it costs; our own meter takes the dearer answer, so that a budget is never passed for it.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task An_instance_of_which_nothing_is_known_is_billed_or_not(bool isBilled, int hours)
    {
        _vast.Switches = new VastSwitches { BilledWhileUnknown = isBilled };
        var id = await RentAsync();
        _desk.Time.Advance(TimeSpan.FromHours(1));
        var (before, disk) = (_vast.Bill, 0.0112);

        Assert.True(_cloud.Throw("unknown", id));
        _desk.Time.Advance(TimeSpan.FromHours(1));
        var listed = Assert.Single(await ListAsync());

        Assert.Equal((InstanceStatus.Unknown, BilledParts.All), (listed.Status, listed.Billed));
        Assert.InRange(_vast.Bill - before, 0.2266 * hours, (0.2267 * hours) + disk);
        Assert.True(_cloud.Throw("known-again", id));
        Assert.Equal(InstanceStatus.Running, Assert.Single(await ListAsync()).Status);
    }

    [Theory]
    [InlineData(true, 1.0)]
    [InlineData(false, 1.0 / 3)]
    public async Task A_crash_loop_is_billed_whole_or_while_it_is_up(bool isBilled, double share)
    {
        _vast.Switches = new VastSwitches { BilledWhileExited = isBilled, Provisioning = TimeSpan.Zero, Creating = TimeSpan.Zero, Loading = TimeSpan.Zero };
        _cloud.Throw("create-crash-loop", null);
        await RentAsync();
        _desk.Time.Advance(TimeSpan.FromHours(1));

        Assert.InRange(_vast.Bill, 0.2266 * share, (0.2267 * share) + (0.2 * 40 / 720));
    }

    [Fact]
    public async Task Charges_may_come_late()
    {
        _vast.Switches = new VastSwitches { ChargesDelay = TimeSpan.FromHours(2) };
        var id = await RentAsync();
        var begun = _desk.Time.GetUtcNow();
        _desk.Time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await _desk.Provider.ListChargesAsync(begun, _desk.Time.GetUtcNow(), default));

        _desk.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(id, Assert.Single(await _desk.Provider.ListChargesAsync(begun, _desk.Time.GetUtcNow(), default)).InstanceId);
    }

    [Fact]
    public void A_machine_that_is_withdrawn_is_not_found_any_more()
    {
        _vast.Withdraw(1);

        Assert.Equal(2, Assert.Single(_vast.Machines).Id);
    }

    [Fact]
    public void What_passes_between_client_and_api_is_the_same_for_all()
    {
        var line = _cloud.Api;
        line.FailNext("GET", "api/v1/", CallFault.Slow);
        Assert.Equal(Interference.Slowness, line.Answer(Request()).After);
        line.FailNext("GET", "api/v1/", CallFault.AnswerLost);
        Assert.Equal(0, line.Answer(Request()).Status);
        line.FailNext("GET", "api/v1/", CallFault.ErrorAfterwards);
        Assert.Equal(500, line.Answer(Request()).Status);
        Assert.Equal(200, line.Answer(Request()).Status);

        static EmulatedRequest Request() => new("GET", "api/v1/instances/", new Dictionary<string, string>(), VastDesk.ApiKey, "");
    }

    [Fact]
    public async Task The_page_has_a_button_for_each_switch_and_believes_no_label()
    {
        await RentAsync();
        var id = _vast.Rented[0];
        _vast.Answer(new EmulatedRequest("PUT", $"api/v0/instances/{id}/", new Dictionary<string, string>(), VastDesk.ApiKey, "{\"label\": \"<script>alert(1)</script>\"}"));
        CloudControls[] clouds = [_cloud, Clouds.Of(new RunPodEmulator(_desk.Time, _backend)), Clouds.Of(new LambdaEmulator(_desk.Time))];

        var page = ControlPage.Of(clouds);

        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains($"action=\"/vast/{id}/outbid\"", page, StringComparison.Ordinal);
        Assert.All(clouds, cloud => Assert.All(cloud.OfCall.Keys.Concat(cloud.OfAccount.Keys), name => Assert.Contains($"action=\"/{cloud.Name}/{name}\"", page, StringComparison.Ordinal)));
    }

    private async Task<IReadOnlyList<ListedInstance>> ListAsync() => await _desk.Provider.ListInstancesAsync(default);

    private Task<string> RentAsync() => RentAsync(machine: 1);

    private async Task<string> RentAsync(int machine)
    {
        var offer = (await _desk.Provider.ListOffersAsync(default)).First(one => one.Capacity == CapacityType.Interruptible && one.Host == $"vast/{machine}");
        return await _desk.Provider.CreateAsync(VastDesk.Launch(capacity: offer.Capacity, price: offer.PricePerHour.Dollars, offer: offer.Id), default);
    }
}
