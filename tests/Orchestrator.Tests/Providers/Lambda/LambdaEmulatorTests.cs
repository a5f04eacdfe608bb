using System.Text.Json.Nodes;
using Orchestrator.Attempts;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Lambda;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Orchestrator.Tests.Emulators;
using Xunit;

namespace Orchestrator.Tests.Providers.Lambda;

/// <summary>The provider against the emulator, without a network: lives of machines, and what the contract leaves open, either way.</summary>
public sealed partial class LambdaEmulatorTests
{
    [Fact]
    public async Task A_machine_is_rented_boots_and_is_destroyed()
    {
        var (desk, lambda) = Start(new LambdaSwitches { AddressLate = TimeSpan.FromSeconds(30) });
        using var _ = desk;

        var id = await CreateAsync(desk);
        Assert.Equal(InstanceStatus.Booting, (await ListedAsync(desk)).Status);
        desk.Time.Advance(TimeSpan.FromSeconds(250));
        // Healthy, and without an address.
        Assert.Equal(InstanceStatus.Booting, (await ListedAsync(desk)).Status);
        Assert.Equal(ProviderErrorKind.Transient, (await LambdaDesk.FailsAsync(() => desk.Provider.GetEndpointAsync(id, default))).Kind);
        desk.Time.Advance(TimeSpan.FromSeconds(30));

        var running = await ListedAsync(desk);
        Assert.Equal((id, InstanceStatus.Running, "orc-e1-7-1"), (running.InstanceId, running.Status, running.Label));
        Assert.IsType<SshEndpoint>(await desk.Provider.GetEndpointAsync(id, default));
        Assert.Empty(await desk.Provider.ListOffersAsync(default));

        await desk.Provider.DestroyAsync(id, default);
        Assert.Equal(InstanceStatus.Terminating, (await ListedAsync(desk)).Status);
        await desk.Provider.DestroyAsync(id, default);
        desk.Time.Advance(TimeSpan.FromMinutes(1));
        // Listed as terminated: no instance of ours any more.
        Assert.Empty(await desk.Provider.ListInstancesAsync(default));
        Assert.Equal(ProviderErrorKind.NotFound, (await LambdaDesk.FailsAsync(() => desk.Provider.DestroyAsync(id, default))).Kind);
        Assert.Empty(lambda.Rented);
    }

    [Theory]
    [InlineData(LambdaFault.AnswerLost)]
    [InlineData(LambdaFault.ErrorAfterwards)]
    public async Task A_launch_whose_answer_is_lost_is_found_by_its_label_whatever_it_is_called(LambdaFault fault)
    {
        var (desk, lambda) = Start();
        using var _ = desk;
        lambda.FailNext("POST", "api/v1/instance-operations/launch", fault);

        Assert.Equal(ProviderErrorKind.Transient, (await LambdaDesk.FailsAsync(() => CreateAsync(desk))).Kind);
        lambda.Rename(lambda.Rented[0], "my machine");
        Assert.Equal("orc-e1-7-1", (await ListedAsync(desk)).Label);
    }

    [Theory]
    [InlineData(LambdaFault.NoCapacity, ProviderErrorKind.NoCapacity)]
    [InlineData(LambdaFault.TooMany, ProviderErrorKind.RateLimited)]
    [InlineData(LambdaFault.BadGateway, ProviderErrorKind.Transient)]
    [InlineData(LambdaFault.AccountInactive, ProviderErrorKind.Unauthorized)]
    public async Task A_launch_that_was_not_served_rented_nothing(LambdaFault fault, ProviderErrorKind kind)
    {
        var (desk, lambda) = Start();
        using var _ = desk;
        lambda.FailNext("POST", "api/v1/instance-operations/launch", fault);

        Assert.Equal(kind, (await LambdaDesk.FailsAsync(() => CreateAsync(desk))).Kind);
        Assert.Empty(lambda.Rented);
        // The list of types goes on naming it.
        Assert.Equal(kind == ProviderErrorKind.NoCapacity, (await desk.Provider.ListOffersAsync(default)).Count == 0);
    }

    [Fact]
    public async Task What_was_just_launched_is_not_taken_for_gone()
    {
        var (desk, lambda) = Start(new LambdaSwitches { UnknownAtFirst = TimeSpan.FromSeconds(20) });
        using var _ = desk;
        var id = await CreateAsync(desk);

        Assert.Equal(ProviderErrorKind.Transient, (await LambdaDesk.FailsAsync(() => desk.Provider.DestroyAsync(id, default))).Kind);
        desk.Time.Advance(TimeSpan.FromSeconds(20));
        await desk.Provider.DestroyAsync(id, default);
        Assert.Empty(lambda.Rented);
    }

    [Fact]
    public async Task What_is_taken_away_sick_or_never_boots_says_so()
    {
        var (desk, lambda) = Start();
        using var _ = desk;
        lambda.FailNext("POST", "api/v1/instance-operations/launch", LambdaFault.NeverBoots);
        var id = await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(InstanceStatus.Booting, (await ListedAsync(desk)).Status);

        lambda.Sicken(id);
        Assert.Equal(InstanceStatus.Unknown, (await ListedAsync(desk)).Status);
        lambda.Preempt(id);
        Assert.Equal(InstanceStatus.Stopped, (await ListedAsync(desk)).Status);
        await desk.Provider.DestroyAsync(id, default);
        Assert.Empty(lambda.Rented);
    }

    [Theory]
    [InlineData(true, true, "global/duplicate")]
    [InlineData(false, false, "global/invalid-parameters")]
    public async Task One_key_serves_all_launches(bool missingIs400, bool refusesUnknown, string duplicate)
    {
        var (desk, lambda) = Start(new LambdaSwitches { MissingKeyIs400 = missingIs400, RefusesUnknownFields = refusesUnknown, DuplicateCode = duplicate });
        using var _ = desk;
        lambda.Add(new LambdaTypeEntry { Stock = new Dictionary<string, int> { ["us-west-1"] = 2 } });

        await CreateAsync(desk);
        await CreateAsync(desk, "orc-e1-8-1");

        var name = Assert.Single(lambda.SshKeys);
        Assert.All(lambda.Rented, id => Assert.Equal(name, (string?)lambda.OrderOf(id)["ssh_key_names"]![0]));
        Assert.Equal(400, Ask(lambda, "POST", "api/v1/ssh-keys", $$"""{"name":"{{name}}","public_key":"ssh-rsa AAAA"}""").Status);
        Assert.Equal(missingIs400 ? 400 : 404, Ask(lambda, "POST", "api/v1/instance-operations/launch", """{"region_name":"us-west-1","instance_type_name":"gpu_1x_a10","ssh_key_names":["no"]}""").Status);
    }

    /// <summary>Whole minutes from the first health check on.</summary>
    [Theory]
    [InlineData(true, 62)]
    [InlineData(false, 61)]
    public async Task The_bill_begins_with_health_and_ends_with_the_order_or_the_end(bool untilGone, int minutes)
    {
        var (desk, lambda) = Start(new LambdaSwitches { BilledWhileTerminating = untilGone });
        using var _ = desk;
        var id = await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromSeconds((4 * 60) + 3630));
        await desk.Provider.DestroyAsync(id, default);
        desk.Time.Advance(TimeSpan.FromHours(3));

        Assert.Equal(1.29 * minutes / 60, lambda.Bill, 9);
    }

    [Theory]
    [InlineData("global/rate-limited")]
    [InlineData("global/quota-exceeded")]
    [InlineData(null)]
    public async Task Calls_that_come_too_early_are_refused_in_any_form(string? code)
    {
        var (desk, lambda) = Start(new LambdaSwitches { RateLimits = true, LimitCode = code });
        using var _ = desk;
        await desk.Provider.ListInstancesAsync(default);

        Assert.Equal(ProviderErrorKind.RateLimited, (await LambdaDesk.FailsAsync(() => desk.Provider.ListInstancesAsync(default))).Kind);
        desk.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await desk.Provider.ListInstancesAsync(default));
    }

    [Fact]
    public async Task A_key_that_is_not_known_is_said_to_be()
    {
        var (desk, lambda) = Start();
        using var _ = desk;
        Assert.Null((await desk.Provider.GetAccountAsync(default)).Spendable);

        lambda.Key = "another";
        Assert.Equal(ProviderErrorKind.Unauthorized, (await LambdaDesk.FailsAsync(() => desk.Provider.GetAccountAsync(default))).Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Errors_are_told_apart_with_and_without_codes(bool codes)
    {
        var (desk, lambda) = Start(new LambdaSwitches { ErrorsHaveCodes = codes });
        using var _ = desk;

        Assert.Equal(ProviderErrorKind.NotFound, (await LambdaDesk.FailsAsync(() => desk.Provider.DestroyAsync("0920", default))).Kind);
        lambda.FailNext("POST", "api/v1/instance-operations/launch", LambdaFault.NoCapacity);
        Assert.Equal(ProviderErrorKind.NoCapacity, (await LambdaDesk.FailsAsync(() => CreateAsync(desk))).Kind);
    }

    [Theory]
    [InlineData("""{"region_name":"us-west-1","instance_type_name":"gpu_1x_a10","ssh_key_names":[]}""", 400)]
    [InlineData("""{"region_name":"us-west-1","instance_type_name":"gpu_1x_a10","ssh_key_names":["k","k"]}""", 400)]
    [InlineData("""{"region_name":"us-west-1","instance_type_name":"none","ssh_key_names":["k"]}""", 400)]
    [InlineData("""{"region_name":"nowhere","instance_type_name":"gpu_1x_a10","ssh_key_names":["k"]}""", 400)]
    [InlineData("""{"region_name":"us-west-1","instance_type_name":"gpu_1x_a10","ssh_key_names":["k"],"tags":[{"key":"UP","value":"x"}]}""", 400)]
    [InlineData("""{"region_name":"us-west-1","instance_type_name":"gpu_1x_a10","ssh_key_names":["k"],"tags":[{"key":"lambda-ai-x","value":"x"}]}""", 400)]
    [InlineData("""{"region_name":"us-west-1","instance_type_name":"gpu_1x_a10","ssh_key_names":["k"],"name":null,"file_system_names":[],"quantity":1}""", 200)]
    [InlineData("nonsense", 400)]
    public void The_emulator_refuses_as_the_contract_says(string body, int status)
    {
        var (desk, lambda) = Start();
        using var _ = desk;
        Ask(lambda, "POST", "api/v1/ssh-keys", """{"name":"k","public_key":"ssh-rsa AAAA"}""");

        Assert.Equal(status, Ask(lambda, "POST", "api/v1/instance-operations/launch", body).Status);
        Assert.Equal(405, Ask(lambda, "POST", "api/v1/file-systems", "{}").Status);
    }

    [Theory]
    [InlineData(true, 404)]
    [InlineData(false, 200)]
    public async Task One_id_that_is_not_known_fails_a_batch_or_does_not(bool failsAll, int status)
    {
        var (desk, lambda) = Start(new LambdaSwitches { OneBadIdFailsAll = failsAll, RestartKeepsAddress = failsAll });
        using var _ = desk;
        var id = await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(200, Ask(lambda, "POST", "api/v1/instance-operations/restart", $$"""{"instance_ids":["{{id}}"]}""").Status);
        Assert.Equal(status, Ask(lambda, "POST", "api/v1/instance-operations/terminate", $$"""{"instance_ids":["{{id}}","none"]}""").Status);
        Assert.Equal(failsAll ? 1 : 0, lambda.Rented.Count);
    }

    [Fact]
    public async Task Pages_come_only_where_they_are_asked_for()
    {
        var (desk, lambda) = Start();
        using var _ = desk;
        lambda.Add(new LambdaTypeEntry { Stock = new Dictionary<string, int> { ["us-west-1"] = 3 } });
        for (var job = 1; job <= 3; job++)
        {
            await CreateAsync(desk, $"orc-e1-{job}-1");
        }

        Assert.Equal(3, (await desk.Provider.ListInstancesAsync(default)).Count);
        var page = JsonNode.Parse(lambda.Answer(new("GET", "api/v1/instances", new Dictionary<string, string> { ["page_size"] = "2" }, LambdaDesk.ApiKey, "")).Body)!;
        Assert.Equal((2, "2"), (page["data"]!.AsArray().Count, (string)page["page_token"]!));
    }

    private static EmulatedAnswer Ask(LambdaEmulator lambda, string method, string path, string body) => lambda.Answer(new(method, path, new Dictionary<string, string>(), LambdaDesk.ApiKey, body));

    /// <summary>One machine of one type.</summary>
    private static (LambdaDesk Desk, LambdaEmulator Lambda) Start(LambdaSwitches? switches = null)
    {
        LambdaEmulator? lambda = null;
        var desk = new LambdaDesk(new InProcessHandler(new LateApi(() => lambda!)));
        lambda = new LambdaEmulator(desk.Time) { Switches = switches ?? new LambdaSwitches(), Key = LambdaDesk.ApiKey };
        lambda.Add(new LambdaTypeEntry());
        return (desk, lambda);
    }

    private static async Task<string> CreateAsync(LambdaDesk desk, string label = "orc-e1-7-1")
    {
        var offer = (await desk.Provider.ListOffersAsync(default))[0];
        return await desk.Provider.CreateAsync(new LaunchRequest { Label = label, JobName = "test", Offer = OfferTaken.Of(offer, null) }, default);
    }

    private static async Task<ListedInstance> ListedAsync(LambdaDesk desk) => Assert.Single(await desk.Provider.ListInstancesAsync(default));
}
