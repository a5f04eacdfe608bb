using Orchestrator.Emulators;
using Orchestrator.Emulators.Control;
using Orchestrator.Emulators.Lambda;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Orchestrator.Tests.Providers.Lambda;
using Orchestrator.Tests.Providers.RunPod;
using Xunit;

namespace Orchestrator.Tests.Emulators;

/// <summary>The switches of the clouds that have no bids, as ordinary clients meet them.</summary>
public sealed class OtherCloudsTests : IDisposable
{
    private readonly NoBackend _containers = new();
    private readonly BookedMachines _machines = new();
    private readonly RunPodEmulator _runPod;
    private readonly LambdaEmulator _lambda;
    private readonly CloudControls _pods;
    private readonly CloudControls _vms;
    private readonly RunPodDesk _podDesk;
    private readonly LambdaDesk _vmDesk;

    public OtherCloudsTests()
    {
        _podDesk = new RunPodDesk(new InProcessHandler(new LateApi(() => _pods!.Api)));
        _vmDesk = new LambdaDesk(new InProcessHandler(new LateApi(() => _vms!.Api)));
        _runPod = new RunPodEmulator(_podDesk.Time, _containers) { Key = RunPodDesk.ApiKey };
        _runPod.Add(new RunPodCardEntry());
        _runPod.Add(new RunPodHost { Id = 1, Gpus = 4 });
        _lambda = new LambdaEmulator(_vmDesk.Time, _machines) { Key = LambdaDesk.ApiKey };
        _lambda.Add(new LambdaTypeEntry { Stock = new Dictionary<string, int> { ["us-west-1"] = 2 } });
        (_pods, _vms) = (Clouds.Of(_runPod), Clouds.Of(_lambda));
    }

    public void Dispose()
    {
        _podDesk.Dispose();
        _vmDesk.Dispose();
    }

    [Fact]
    public async Task A_pods_host_may_be_offline_and_come_back_and_costs_nothing_meanwhile()
    {
        var id = await _podDesk.Provider.CreateAsync(RunPodDesk.Launch(), default);
        _podDesk.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(InstanceStatus.Running, (await PodAsync()).Status);
        var before = _runPod.Bill;

        Assert.True(_pods.Throw("offline", id));
        _podDesk.Time.Advance(TimeSpan.FromHours(1));
        // Its status is what it was, and its ports are gone.
        Assert.Equal(InstanceStatus.Booting, (await PodAsync()).Status);
        Assert.Equal(before, _runPod.Bill, 9);

        Assert.True(_pods.Throw("online", id));
        Assert.Equal(InstanceStatus.Running, (await PodAsync()).Status);
        _podDesk.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(before * 2, _runPod.Bill, 9);
    }

    [Fact]
    public async Task A_machine_may_boot_and_not_answer()
    {
        Assert.True(_vms.Throw("create-no-ssh", null));
        await _vmDesk.Provider.CreateAsync(LambdaDesk.Launch(), default);
        _vmDesk.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(InstanceStatus.Running, (await MachineAsync()).Status);
        Assert.True(Assert.Single(_machines.Orders).Value.IsSilent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_user_of_a_machine_may_use_docker_from_the_beginning_or_not(bool may)
    {
        _lambda.Switches = new LambdaSwitches { UserInDockerGroup = may };

        await _vmDesk.Provider.CreateAsync(LambdaDesk.Launch(), default);

        Assert.Equal(may, Assert.Single(_machines.Orders).Value.IsUserInDockerGroup);
    }

    /// <summary>Nobody has said whether it is open; a rule opens it for machines that are launched afterwards.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Port_22_is_open_from_the_beginning_or_once_a_rule_says_so(bool isOpen)
    {
        const string rules = """[{"protocol":"tcp","port_range":[22,22],"source_network":"0.0.0.0/0","description":"Allow SSH"}]""";
        _lambda.Switches = new LambdaSwitches { OpensPort22 = isOpen };
        Assert.Equal(isOpen ? $$"""{"data":{{rules}}}""" : """{"data":[]}""", Ask("GET", "").Body);
        await _vmDesk.Provider.CreateAsync(LambdaDesk.Launch(), default);
        Assert.Equal(!isOpen, Assert.Single(_machines.Orders).Value.IsSilent);

        Assert.Equal(400, Ask("PUT", """{"data":[{"protocol":"none"}]}""").Status);
        Assert.Equal(200, Ask("PUT", $$"""{"data":{{rules}}}""").Status);
        await _vmDesk.Provider.CreateAsync(LambdaDesk.Launch("orc-e1-8-1"), default);

        Assert.Equal(isOpen ? 0 : 1, _machines.Orders.Values.Count(order => order.IsSilent));

        EmulatedAnswer Ask(string method, string body) => _lambda.Answer(new(method, "api/v1/firewall-rules", new Dictionary<string, string>(), LambdaDesk.ApiKey, body));
    }

    [Theory]
    [InlineData(true, 180)]
    [InlineData(false, 120)]
    public async Task A_machine_may_be_offline_and_come_back_and_is_billed_for_it_or_not(bool isBilled, int minutes)
    {
        _lambda.Switches = new LambdaSwitches { Booting = TimeSpan.Zero, BilledWhileUnhealthy = isBilled };
        var id = await _vmDesk.Provider.CreateAsync(LambdaDesk.Launch(), default);
        _vmDesk.Time.Advance(TimeSpan.FromHours(1));

        Assert.True(_vms.Throw("offline", id));
        Assert.Equal((InstanceStatus.Unknown, true), ((await MachineAsync()).Status, _machines.Frozen.Contains(id)));
        _vmDesk.Time.Advance(TimeSpan.FromHours(1));
        Assert.True(_vms.Throw("online", id));
        Assert.Equal((InstanceStatus.Running, false), ((await MachineAsync()).Status, _machines.Frozen.Contains(id)));
        _vmDesk.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1.29 * minutes / 60, _lambda.Bill, 9);
    }

    [Fact]
    public async Task A_machine_may_be_unwell_and_answer_all_the_same()
    {
        var id = await _vmDesk.Provider.CreateAsync(LambdaDesk.Launch(), default);
        _vmDesk.Time.Advance(TimeSpan.FromHours(1));

        Assert.True(_vms.Throw("unhealthy", id));
        Assert.Equal((InstanceStatus.Unknown, false), ((await MachineAsync()).Status, _machines.Frozen.Contains(id)));
        Assert.True(_vms.Throw("healthy", id));
        Assert.Equal(InstanceStatus.Running, (await MachineAsync()).Status);
    }

    [Fact]
    public async Task A_machine_may_be_gone_without_anybody_asking_and_its_bill_ends_then()
    {
        _lambda.Switches = new LambdaSwitches { Booting = TimeSpan.Zero };
        var id = await _vmDesk.Provider.CreateAsync(LambdaDesk.Launch(), default);
        _vmDesk.Time.Advance(TimeSpan.FromHours(1));

        Assert.True(_vms.Throw("destroyed-by-provider", id));
        _vmDesk.Time.Advance(TimeSpan.FromHours(1));

        Assert.Empty(await _vmDesk.Provider.ListInstancesAsync(default));
        Assert.Empty(_lambda.Rented);
        Assert.Equal(1.29, _lambda.Bill, 9);
        Assert.True(Assert.Single(_vms.Bills()).IsGone);
        Assert.False(_vms.Throw("offline", id));
    }

    [Theory]
    [InlineData("create-account-inactive", ProviderErrorKind.Unauthorized)]
    // Nobody knows what the edge let through.
    [InlineData("create-edge-page", ProviderErrorKind.Unknown)]
    public async Task A_launch_may_be_refused_before_it_is_looked_at(string what, ProviderErrorKind kind)
    {
        Assert.True(_vms.Throw(what, null));

        Assert.Equal(kind, (await LambdaDesk.FailsAsync(() => _vmDesk.Provider.CreateAsync(LambdaDesk.Launch(), default))).Kind);
        Assert.Empty(_lambda.Rented);
    }

    [Theory]
    [InlineData("global/internal-error")]
    [InlineData("global/unknown")]
    [InlineData("global/never-heard-of")]
    public async Task A_failure_of_its_own_says_nothing_whatever_its_code_is(string code)
    {
        _lambda.Switches = new LambdaSwitches { FailureCode = code };
        Assert.True(_vms.Throw("list-own-failure", null));

        Assert.Equal(ProviderErrorKind.Transient, (await LambdaDesk.FailsAsync(() => _vmDesk.Provider.ListInstancesAsync(default))).Kind);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public async Task A_refusal_for_the_limit_may_say_how_long_to_wait(int? seconds)
    {
        _lambda.Switches = new LambdaSwitches { RetryAfter = seconds is { } some ? TimeSpan.FromSeconds(some) : null };
        Assert.True(_vms.Throw("list-too-many", null));

        var refused = await LambdaDesk.FailsAsync(() => _vmDesk.Provider.ListInstancesAsync(default));

        // Else as long as our own options say.
        Assert.Equal((ProviderErrorKind.RateLimited, TimeSpan.FromSeconds(seconds ?? 10)), (refused.Kind, refused.RetryAfter));
    }

    /// <summary>Only the balance is asked of it.</summary>
    [Fact]
    public async Task The_old_api_of_pods_may_have_a_limit_of_which_nobody_knows()
    {
        _runPod.Switches = new RunPodSwitches { GraphQlEvery = TimeSpan.FromSeconds(30) };

        Assert.NotNull((await _podDesk.Provider.GetAccountAsync(default)).Spendable);
        Assert.Null((await _podDesk.Provider.GetAccountAsync(default)).Spendable);
        _podDesk.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.NotNull((await _podDesk.Provider.GetAccountAsync(default)).Spendable);
    }

    [Theory]
    [InlineData("action not valid for current pod status")]
    [InlineData("the pod does not take this now")]
    public async Task An_action_that_does_not_fit_says_so_in_some_words(string words)
    {
        _runPod.Switches = new RunPodSwitches { ConflictWords = words };
        var id = await _podDesk.Provider.CreateAsync(RunPodDesk.Launch(), default);

        var answer = _runPod.Answer(new EmulatedRequest("POST", $"v2/pods/{id}/action", new Dictionary<string, string>(), RunPodDesk.ApiKey, """{"action":"start"}""") { UserAgent = "test" });

        Assert.Equal(409, answer.Status);
        Assert.Contains(words, answer.Body, StringComparison.Ordinal);
        await _podDesk.Provider.DestroyAsync(id, default);
    }

    [Fact]
    public async Task The_list_of_machines_may_lag_behind_the_launch()
    {
        Assert.True(_vms.Throw("list-lags", null));
        await _vmDesk.Provider.CreateAsync(LambdaDesk.Launch(), default);
        Assert.Empty(await _vmDesk.Provider.ListInstancesAsync(default));

        Assert.True(_vms.Throw("list-lags-no-more", null));

        Assert.Single(await _vmDesk.Provider.ListInstancesAsync(default));
    }

    private async Task<ListedInstance> PodAsync() => Assert.Single(await _podDesk.Provider.ListInstancesAsync(default));

    private async Task<ListedInstance> MachineAsync() => Assert.Single(await _vmDesk.Provider.ListInstancesAsync(default));
}
