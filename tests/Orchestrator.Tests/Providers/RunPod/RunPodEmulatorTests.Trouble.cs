using Orchestrator.Attempts;
using Orchestrator.Emulators;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Providers.RunPod;

/// <summary>Calls that fail, hosts that are lost, money that runs out, and what it all costs.</summary>
public sealed partial class RunPodEmulatorTests
{
    [Theory]
    [InlineData(RunPodFault.AnswerLost)]
    [InlineData(RunPodFault.ErrorAfterwards)]
    public async Task A_create_whose_answer_is_lost_is_found_by_its_label(RunPodFault fault)
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.FailNext("POST", "v2/pods", fault);

        Assert.Equal(ProviderErrorKind.Transient, (await RunPodDesk.FailsAsync(() => CreateAsync(desk))).Kind);
        Assert.Equal("orc-e1-7-1", (await ListedAsync(desk)).Label);
    }

    [Fact]
    public async Task A_list_may_lag_behind_a_create()
    {
        var (desk, _) = Start(new RunPodSwitches { ListLag = TimeSpan.FromSeconds(20) });
        using var __ = desk;
        await CreateAsync(desk);

        Assert.Empty(await desk.Provider.ListInstancesAsync(default));
        desk.Time.Advance(desk.Provider.Timings.Settling);
        Assert.Equal("orc-e1-7-1", (await ListedAsync(desk)).Label);
    }

    [Theory]
    [InlineData(RunPodFault.TooMany, ProviderErrorKind.RateLimited)]
    [InlineData(RunPodFault.EdgePage, ProviderErrorKind.Unknown)]
    [InlineData(RunPodFault.BadGateway, ProviderErrorKind.Transient)]
    [InlineData(RunPodFault.Retired, ProviderErrorKind.Gone)]
    public async Task A_create_that_was_not_served_rented_nothing(RunPodFault fault, ProviderErrorKind kind)
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.FailNext("POST", "v2/pods", fault);

        var refused = await RunPodDesk.FailsAsync(() => CreateAsync(desk));

        Assert.Equal(kind, refused.Kind);
        Assert.Equal(fault == RunPodFault.TooMany ? TimeSpan.FromSeconds(12) : kind == ProviderErrorKind.Gone ? null : refused.RetryAfter, refused.RetryAfter);
        Assert.Empty(runPod.Rented);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_that_cannot_be_pulled_stops_the_pod(bool error)
    {
        var (desk, runPod) = Start(new RunPodSwitches { PullFailureIsError = error });
        using var _ = desk;
        runPod.FailNext("POST", "v2/pods", RunPodFault.PullFails);
        var id = await CreateAsync(desk);
        Assert.Equal(InstanceStatus.Booting, (await ListedAsync(desk)).Status);

        desk.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(InstanceStatus.Stopped, (await ListedAsync(desk)).Status);
        Assert.Contains("error pulling image", runPod.Answer(Request("GET", $"v2/pods/{id}/logs")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_that_fails_stops_its_pod_whose_card_others_may_take(bool costKept)
    {
        var (desk, runPod) = Start(new RunPodSwitches { CostKeptWhenExited = costKept });
        using var _ = desk;
        var id = await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromMinutes(5));

        runPod.LoseHost(id);

        Assert.Equal(InstanceStatus.Stopped, (await ListedAsync(desk)).Status);
        Assert.Equal(costKept ? 0.74 : 0, (double)Ask(runPod, "GET", $"v2/pods/{id}")["cost"]!);
        runPod.Add(new RunPodHost { Id = 1, Taken = 1 });
        Assert.Contains("not enough free GPUs", runPod.Answer(Request("POST", $"v2/pods/{id}/action", """{"action":"start"}""")).Body, StringComparison.Ordinal);
        await desk.Provider.DestroyAsync(id, default);
        Assert.Empty(runPod.Rented);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ports_move_with_a_restart_and_are_read_anew(bool moves)
    {
        var (desk, runPod) = Start(new RunPodSwitches { RestartMovesPorts = moves });
        using var _ = desk;
        var id = await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromMinutes(5));
        var before = Assert.IsType<SshEndpoint>(await desk.Provider.GetEndpointAsync(id, default));

        Ask(runPod, "POST", $"v2/pods/{id}/action", """{"action":"restart"}""");
        Assert.Equal(InstanceStatus.Booting, (await ListedAsync(desk)).Status);
        desk.Time.Advance(TimeSpan.FromMinutes(5));

        var after = Assert.IsType<SshEndpoint>(await desk.Provider.GetEndpointAsync(id, default));
        Assert.Equal(moves, before.Machine.Port != after.Machine.Port);
        Assert.Equal(before.Machine.HostKey, after.Machine.HostKey);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Money_that_runs_out_ends_everything_and_rents_nothing(bool words)
    {
        var (desk, runPod) = Start(new RunPodSwitches { WordsAboutBalance = words });
        using var _ = desk;
        runPod.Balance = 0.8;
        await CreateAsync(desk);
        Assert.Equal(0.8m, (await desk.Provider.GetAccountAsync(default)).Spendable!.Value.Dollars);
        desk.Time.Advance(TimeSpan.FromHours(2));

        Assert.Empty(await desk.Provider.ListInstancesAsync(default));
        Assert.Equal(ProviderErrorKind.InsufficientFunds, (await RunPodDesk.FailsAsync(() => CreateAsync(desk))).Kind);
    }

    /// <summary>An hour and 20 minutes on the books, of which a minute is boot.</summary>
    [Theory]
    [InlineData(true, 80)]
    [InlineData(false, 79)]
    public async Task Charges_are_the_bill(bool billedWhilePulling, int minutes)
    {
        var (desk, runPod) = Start(new RunPodSwitches { BilledWhilePulling = billedWhilePulling });
        using var _ = desk;
        var from = desk.Time.GetUtcNow();
        var id = await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromMinutes(80));
        await desk.Provider.DestroyAsync(id, default);
        desk.Time.Advance(TimeSpan.FromHours(3));

        var fine = await desk.Provider.ListChargesAsync(from.AddDays(-1), desk.Time.GetUtcNow(), default);
        var coarse = await desk.Provider.ListChargesAsync(from.AddDays(-20), desk.Time.GetUtcNow(), default);

        // 40 GB of disk at $0.10 a month.
        var (gpu, disk) = (0.74m * minutes / 60, 4m / 730 * minutes / 60);
        Assert.Equal(2, fine.Count);
        foreach (var charges in (IReadOnlyList<InstanceCharge>[])[fine, coarse])
        {
            Assert.All(charges, charge => Assert.Equal(id, charge.InstanceId));
            Assert.Equal((double)gpu, (double)charges.Sum(charge => charge.Compute.Dollars), 1e-5);
            Assert.Equal((double)disk, (double)charges.Sum(charge => charge.Disk.Dollars), 1e-5);
            Assert.Equal(runPod.Bill, (double)charges.Sum(charge => charge.Total.Dollars), 1e-5);
        }
    }
}
