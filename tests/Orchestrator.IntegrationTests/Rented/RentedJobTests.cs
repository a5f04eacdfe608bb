using System.Globalization;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.Engine.Hosts.Rented;
using Orchestrator.IntegrationTests.Artifacts.S3;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>At Vast.ai, by bid: what is lost is outbid.</summary>
[Collection(RentedCollection.Name)]
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

    [CephFact(OnMachines = true)]
    public async Task A_host_that_does_not_reach_the_store_is_given_up_before_any_data_moves()
    {
        Assert.True(RentedImage.HasCurl, "needs curl for what a host asks the store by: apt-get install curl");
        var cut = 0;
        Proxy.Delay = (request, _) =>
        {
            if (request.Path.Value!.EndsWith(StoreReach.Key, StringComparison.Ordinal) && request.Headers.UserAgent.ToString().StartsWith("curl", StringComparison.Ordinal) && Interlocked.Increment(ref cut) == 1)
            {
                request.HttpContext.Abort();
            }

            return Task.CompletedTask;
        };

        await IsGivenUpThereAndDoneElsewhereAsync("check-failed", "it does not reach the job's store: curl: (");

        Assert.Equal(2, cut);
        var log = await File.ReadAllTextAsync(Own.Server.Log);
        Assert.DoesNotContain("X-Amz-Signature", log, StringComparison.Ordinal);
    }

    [CephFact(OnMachines = true)]
    public Task A_dead_card_is_given_up_before_any_data_moves()
    {
        _vast!.FailNext("PUT", "api/v0/asks/", VastFault.DeadCard);
        return IsGivenUpThereAndDoneElsewhereAsync("check-failed", "nvidia-smi fails: Unable to determine the device handle");
    }

    [CephFact(OnMachines = true)]
    public Task A_card_that_no_program_can_use_is_given_up_before_any_data_moves()
    {
        Assert.True(StubDriver.Lacks is null, StubDriver.Lacks);
        _vast!.FailNext("PUT", "api/v0/asks/", VastFault.DeadCuda);
        return IsGivenUpThereAndDoneElsewhereAsync("check-failed", "the GPUs are listed and do not work: cuInit answers CUDA error 802");
    }

    [CephFact(OnMachines = true)]
    public Task A_driver_that_knows_not_the_images_CUDA_is_given_up_before_any_data_moves()
    {
        _vast!.FailNext("PUT", "api/v0/asks/", VastFault.OldDriver);
        return IsGivenUpThereAndDoneElsewhereAsync("check-failed", "the image is made for CUDA 12.6.3, the driver 470.256.02 knows CUDA 11.4 at most");
    }

    [CephFact(OnMachines = true)]
    public Task A_driver_that_keeps_the_container_from_starting_is_told_in_the_providers_words()
    {
        _vast!.FailNext("PUT", "api/v0/asks/", VastFault.DriverTooOld);
        return IsGivenUpThereAndDoneElsewhereAsync("instance-stopped", "unsatisfied condition: cuda>=12.8, please update your driver");
    }

    /// <summary>Nobody has confirmed that it gets one in the way in which we start it.</summary>
    [CephFact(OnMachines = true)]
    public async Task A_host_that_is_given_no_key_is_not_said_to_end_itself()
    {
        _vast!.Switches = _vast.Switches with { GivesKeyToArgs = false };
        var job = await SubmitAsync();
        await UntilAsync(async () => (await Read.ManifestsAsync("rented", job)).Count > 0, "a checkpoint in the bucket", job);

        var show = await Own.Orc("show", job.ToString(CultureInfo.InvariantCulture));

        Assert.Contains("not bounded: its provider gave it no key to end itself with", string.Join(' ', show.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(0, (await Own.Orc("cancel", job.ToString(CultureInfo.InvariantCulture))).ExitCode);
        await UntilAsync(async () => Rented.Count == 0 && (await LeftAsync()).Length == 0, "the end of its host", job);
    }

    [CephFact(OnMachines = true)]
    public async Task A_price_that_rises_above_the_limit_ends_the_instance_and_the_job_goes_on_elsewhere()
    {
        var job = await SubmitAsync(budget: "max-total: $5, max-hourly: $0.60");
        await UntilAsync(async () => (await Read.ManifestsAsync("rented", job)).Count > 0, "a checkpoint in the bucket", job);

        _vast!.RaisePrice(Assert.Single(_vast.Rented), 0.9);

        await IsDoneElsewhereAsync(job, await UntilGivenUpAsync(job, "check-failed", "vast charges $0.9", "and max-hourly is $0.6"));
        Assert.Matches("begins at step [24]0", (await Own.Orc("logs", job.ToString(CultureInfo.InvariantCulture), "--attempt", "2")).Output);
    }

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
