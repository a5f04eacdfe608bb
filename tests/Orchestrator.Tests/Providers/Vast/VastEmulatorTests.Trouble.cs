using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Providers.Vast;

/// <summary>Creates that fail, money that runs out, hosts that leave, and what it all costs.</summary>
public sealed partial class VastEmulatorTests
{
    [Theory]
    [InlineData(VastFault.AnswerLost)]
    [InlineData(VastFault.ErrorAfterwards)]
    public async Task A_create_whose_answer_is_lost_is_found_by_its_label(VastFault fault)
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        vast.FailNext("PUT", "api/v0/asks/", fault);

        Assert.Equal(ProviderErrorKind.Transient, (await VastDesk.FailsAsync(() => CreateAsync(desk))).Kind);
        Assert.Equal("orc-e1-7-1", (await ListedAsync(desk)).Label);
    }

    [Fact]
    public async Task A_create_that_came_too_early_rented_nothing()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        vast.FailNext("PUT", "api/v0/asks/", VastFault.TooFrequent);

        Assert.Equal(ProviderErrorKind.RateLimited, (await VastDesk.FailsAsync(() => CreateAsync(desk))).Kind);
        Assert.Empty(vast.Rented);
    }

    [Fact]
    public async Task A_card_that_cannot_be_handed_in_is_stopped_with_the_reason()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        vast.FailNext("PUT", "api/v0/asks/", VastFault.BrokenCard);
        await CreateAsync(desk);

        var listed = await ListedAsync(desk);

        Assert.Equal(InstanceStatus.Stopped, listed.Status);
        Assert.Contains("OCI runtime create failed", listed.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Money_that_runs_out_stops_everything_and_rents_nothing()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        vast.Offer(new VastMachine { Id = 2 });
        vast.Credit = 0.1;
        await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(InstanceStatus.Stopped, (await ListedAsync(desk)).Status);
        Assert.Equal(ProviderErrorKind.InsufficientFunds, (await VastDesk.FailsAsync(() => CreateAsync(desk))).Kind);
    }

    [Fact]
    public async Task A_rental_ends_when_its_contract_does()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        var until = desk.Time.GetUtcNow().AddHours(3);
        vast.Offer(new VastMachine { Id = 1, Until = until });
        await CreateAsync(desk);

        Assert.Equal(until, (await ListedAsync(desk)).Term!.Until);
        desk.Time.Advance(TimeSpan.FromHours(4));
        Assert.Equal(InstanceStatus.Stopped, (await ListedAsync(desk)).Status);
    }

    [Fact]
    public async Task A_host_that_is_away_is_no_news_and_comes_back()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromMinutes(5));

        vast.TakeOffline(vast.Rented[0], away: true);
        Assert.Equal(InstanceStatus.Unknown, (await ListedAsync(desk)).Status);

        vast.TakeOffline(vast.Rented[0], away: false);
        Assert.Equal(InstanceStatus.Running, (await ListedAsync(desk)).Status);
    }

    /// <summary>Boot is not billed for the card, the disk is from the start.</summary>
    [Fact]
    public async Task Charges_are_the_bill()
    {
        var (desk, vast) = Start(new VastSwitches { Provisioning = TimeSpan.FromMinutes(1), Creating = TimeSpan.FromMinutes(1), Loading = TimeSpan.FromMinutes(10) });
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1, Price = 0.6, StoragePerMonth = 0.72 });
        var from = desk.Time.GetUtcNow();
        var id = await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromMinutes(72));
        await desk.Provider.DestroyAsync(id, default);

        var charge = Assert.Single(await desk.Provider.ListChargesAsync(from.AddDays(-1), desk.Time.GetUtcNow().AddDays(1), default));

        // An hour of the card; 1.2 hours of 40 GB.
        Assert.Equal((id, 0.6m, 0.048m, 0.648m), (charge.InstanceId, charge.Compute.Dollars, charge.Disk.Dollars, charge.Total.Dollars));
        Assert.Equal(0.648, vast.Bill, 6);
    }

    /// <summary>The bound: 1 % or 2 cents. A host that is away bills nothing, one that was outbid its disk.</summary>
    [Fact]
    public async Task Our_meter_says_what_its_bill_says()
    {
        var (desk, vast) = Start(new VastSwitches { Provisioning = TimeSpan.FromMinutes(1), Creating = TimeSpan.FromMinutes(1), Loading = TimeSpan.FromMinutes(10) });
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1, Price = 12, StoragePerMonth = 0.72 });
        var watched = new WatchedInstance(desk.Time, () => ListedAsync(desk));
        var id = await CreateAsync(desk, CapacityType.Interruptible);
        await watched.WatchAsync(minutes: 120, minute =>
        {
            switch (minute)
            {
                case 40 or 70:
                    vast.TakeOffline(int.Parse(id, CultureInfo.InvariantCulture), away: minute == 40);
                    break;
                case 100:
                    vast.Outbid(int.Parse(id, CultureInfo.InvariantCulture));
                    break;
            }
        });

        await desk.Provider.DestroyAsync(id, default);
        var offer = new OfferTaken
        {
            Provider = "vast", OfferId = "1", Capacity = CapacityType.Interruptible, HostKind = HostKind.Container, PricePerHour = Money.FromDollars((decimal)vast.Bills[0].PerHour),
            DiskPerGBMonth = Money.FromDollars(0.73m), DiskBytes = 40_000_000_000,
        };
        var metered = Meter.Of(offer, desk.Provider.Billing, watched.Life, 0, 0, 0);

        // 58 minutes of the card, 90 of the disk.
        Assert.InRange(vast.Bill, (vast.Bills[0].PerHour * 58 / 60) + 0.059, (vast.Bills[0].PerHour * 58 / 60) + 0.061);
        Assert.InRange((double)metered.Billed.Dollars, vast.Bill * 0.99, vast.Bill * 1.01);
        Assert.True((double)metered.Billed.Dollars < (double)Meter.Of(offer, desk.Provider.Billing, watched.Life with { Spared = [] }, 0, 0, 0).Billed.Dollars * 0.7);
    }

    [Fact]
    public async Task The_account_says_what_is_left()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Credit = -1.5;

        Assert.Equal((Money.FromDollars(-1.5m), "dev@example.org"), ((await desk.Provider.GetAccountAsync(default)).Spendable, (await desk.Provider.GetAccountAsync(default)).Owner));
    }

    [Fact]
    public async Task A_key_that_is_not_known_is_said_to_be()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Key = "another";

        Assert.Equal(ProviderErrorKind.Unauthorized, (await VastDesk.FailsAsync(() => desk.Provider.ListInstancesAsync(default))).Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_that_come_too_early_are_refused_in_either_form(bool json)
    {
        var (desk, vast) = Start(new VastSwitches { RateLimits = true, JsonRefusals = json });
        using var _ = desk;
        await desk.Provider.ListInstancesAsync(default);

        Assert.Equal(ProviderErrorKind.RateLimited, (await VastDesk.FailsAsync(() => desk.Provider.ListInstancesAsync(default))).Kind);

        desk.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(await desk.Provider.ListInstancesAsync(default));
        Assert.Equal(3, vast.Asked.Count);
    }
}
