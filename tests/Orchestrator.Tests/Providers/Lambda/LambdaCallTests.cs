using System.Text.Json.Nodes;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Orchestrator.Tests.Http;
using Xunit;

namespace Orchestrator.Tests.Providers.Lambda;

/// <summary>Launching, listing, ending and reaching, before a scripted server.</summary>
public sealed class LambdaCallTests
{
    private const string Id = "0920582c7ff041399e34823a0be62549";
    private const string Launch = "POST /api/v1/instance-operations/launch";
    private const string Terminate = "POST /api/v1/instance-operations/terminate";
    private const string List = "GET /api/v1/instances";
    private const string Show = $"GET /api/v1/instances/{Id}";
    private const string Keys = "GET /api/v1/ssh-keys";
    private const string NewKey = "POST /api/v1/ssh-keys";
    private const string OurKey = """{"data":[{"id":"1","name":"theirs","public_key":"ssh-rsa AAAA x"},{"id":"2","name":"ours","public_key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ another comment"}]}""";
    private const string NoKey = """{"data":[]}""";
    private const string Made = $$$"""{"data":{"instance_ids":["{{{Id}}}"]}}""";
    private const string Missing = """{"error":{"code":"global/object-does-not-exist","message":"Specified instance does not exist."}}""";

    [Fact]
    public async Task A_launch_names_one_key_the_label_twice_and_the_host_key()
    {
        var server = new ScriptedServer((Keys, 200, OurKey), (Launch, 200, Made));
        using var desk = new LambdaDesk(server.Handler);

        Assert.Equal(Id, await desk.Provider.CreateAsync(LambdaDesk.Launch(), default));

        var body = server.Sent[1].Body!;
        Assert.Equal(("us-west-1", "gpu_1x_a10", "orc-e1-7-1", """["ours"]"""), ((string)body["region_name"]!, (string)body["instance_type_name"]!, (string)body["name"]!, body["ssh_key_names"]!.ToJsonString()));
        Assert.Equal("""[{"key":"orchestrator","value":"orc-e1-7-1"}]""", body["tags"]!.ToJsonString());
        var key = desk.Keys.HostKeyOf("orc-e1-7-1");
        var lines = ((string)body["user_data"]!).Split('\n');
        Assert.Equal("#cloud-config", lines[0]);
        Assert.Equal(key.Pem.Trim(), string.Join('\n', lines.SkipWhile(line => !line.Contains("ecdsa_private", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal)).Select(line => line[4..])));
        Assert.Contains("  ecdsa_public: " + key.PublicKey, lines);
        Assert.Equal(["all", "all", "launch"], desk.Pacer.Taken);
    }

    [Fact]
    public async Task A_key_that_the_account_lacks_is_put_there()
    {
        var server = new ScriptedServer((Keys, 200, NoKey), (NewKey, 200, """{"data":{"id":"9","name":"orchestrator-x","public_key":"y"}}"""), (Launch, 200, Made));
        using var desk = new LambdaDesk(server.Handler);

        await desk.Provider.CreateAsync(LambdaDesk.Launch(), default);

        Assert.Equal(desk.Keys.LoginKey.Trim(), (string)server.Sent[1].Body!["public_key"]!);
        Assert.Equal("""["orchestrator-x"]""", server.Sent[2].Body!["ssh_key_names"]!.ToJsonString());
    }

    [Theory]
    [InlineData(400, """{"error":{"code":"global/duplicate","message":"x"}}""")]
    [InlineData(400, """{"error":{"code":"global/invalid-parameters","message":"x"}}""")]
    [InlineData(502, "<html>")]
    public async Task Where_another_server_was_faster_its_key_is_ours(int status, string body)
    {
        using var desk = new LambdaDesk(new ScriptedServer((Keys, 200, NoKey), (NewKey, status, body), (Keys, 200, OurKey), (Launch, 200, Made)).Handler);
        Assert.Equal(Id, await desk.Provider.CreateAsync(LambdaDesk.Launch(), default));

        using var without = new LambdaDesk(new ScriptedServer((Keys, 200, NoKey), (NewKey, status, body)).Handler);
        Assert.Equal(ProviderErrorKind.Rejected, (await LambdaDesk.FailsAsync(() => without.Provider.CreateAsync(LambdaDesk.Launch(), default))).Kind);
    }

    [Theory]
    [InlineData(400, "instance-operations/launch/insufficient-capacity", ProviderErrorKind.NoCapacity)]
    [InlineData(503, "instance-operations/launch/insufficient-capacity", ProviderErrorKind.NoCapacity)]
    [InlineData(400, "global/object-does-not-exist", ProviderErrorKind.Rejected)]
    [InlineData(404, "global/object-does-not-exist", ProviderErrorKind.Rejected)]
    [InlineData(400, "global/invalid-parameters", ProviderErrorKind.Rejected)]
    [InlineData(400, "global/quota-exceeded", ProviderErrorKind.RateLimited)]
    [InlineData(400, "global/invalid-address", ProviderErrorKind.Unauthorized)]
    [InlineData(400, "a/code-of-tomorrow", ProviderErrorKind.Rejected)]
    [InlineData(403, "a/code-of-tomorrow", ProviderErrorKind.Unauthorized)]
    [InlineData(429, "global/quota-exceeded", ProviderErrorKind.RateLimited)]
    [InlineData(500, "global/unknown", ProviderErrorKind.Transient)]
    [InlineData(400, "global/unknown", ProviderErrorKind.Transient)]
    public async Task A_refusal_is_what_its_code_says(int status, string code, ProviderErrorKind kind)
    {
        var error = new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = "words of theirs", ["suggestion"] = null } };
        using var desk = new LambdaDesk(new ScriptedServer((Keys, 200, OurKey), (Launch, status, error.ToJsonString())).Handler);

        var refused = await LambdaDesk.FailsAsync(() => desk.Provider.CreateAsync(LambdaDesk.Launch(), default));

        Assert.Equal(kind, refused.Kind);
        Assert.Contains("words of theirs", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"no code"}}""", ProviderErrorKind.Rejected)]
    [InlineData(502, "<html>", ProviderErrorKind.Transient)]
    [InlineData(400, "<html>", ProviderErrorKind.Unknown)]
    [InlineData(403, "<html>", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"data":{"instance_ids":[]}}""", ProviderErrorKind.Unknown)]
    [InlineData(200, "", ProviderErrorKind.Unknown)]
    [InlineData(301, "", ProviderErrorKind.Unknown)]
    public async Task What_has_no_code_is_what_its_status_says(int status, string body, ProviderErrorKind kind)
    {
        using var desk = new LambdaDesk(new ScriptedServer((Keys, 200, OurKey), (Launch, status, body)).Handler);

        Assert.Equal(kind, (await LambdaDesk.FailsAsync(() => desk.Provider.CreateAsync(LambdaDesk.Launch(), default))).Kind);
    }

    [Theory]
    [InlineData("31847205")]
    [InlineData("gpu_1x_a10/us/west")]
    [InlineData("gpu_1x_a10/")]
    public async Task An_offer_of_somebody_elses_is_not_sent(string offer)
    {
        var server = new ScriptedServer((Keys, 200, OurKey));
        using var desk = new LambdaDesk(server.Handler);

        Assert.Equal(ProviderErrorKind.NoCapacity, (await LambdaDesk.FailsAsync(() => desk.Provider.CreateAsync(LambdaDesk.Launch(offer: offer), default))).Kind);
        Assert.Single(server.Sent);
    }

    [Theory]
    [InlineData("booting", null, InstanceStatus.Booting)]
    [InlineData("active", null, InstanceStatus.Booting)]
    [InlineData("active", "", InstanceStatus.Booting)]
    [InlineData("active", "198.51.100.20", InstanceStatus.Running)]
    [InlineData("unhealthy", "198.51.100.20", InstanceStatus.Unknown)]
    [InlineData("terminating", "198.51.100.20", InstanceStatus.Terminating)]
    [InlineData("preempted", null, InstanceStatus.Stopped)]
    [InlineData("a word of tomorrow", null, InstanceStatus.Unknown)]
    public async Task A_status_is_one_of_ours(string status, string? address, InstanceStatus expected)
    {
        using var desk = new LambdaDesk(new ScriptedServer((List, 200, Data(Row(status: status, address: address)))).Handler);

        Assert.Equal(expected, Assert.Single(await desk.Provider.ListInstancesAsync(default)).Status);
    }

    [Theory]
    [InlineData("active", BilledParts.All)]
    [InlineData("unhealthy", BilledParts.All)]
    [InlineData("terminating", BilledParts.All)]
    [InlineData("preempted", BilledParts.None)]
    public async Task What_was_taken_away_is_billed_no_more(string status, BilledParts billed)
    {
        using var desk = new LambdaDesk(new ScriptedServer((List, 200, Data(Row(status: status, address: "198.51.100.20")))).Handler);

        Assert.Equal(billed, Assert.Single(await desk.Provider.ListInstancesAsync(default)).Billed);
    }

    [Fact]
    public async Task What_carries_our_label_in_its_name_or_its_tag_is_ours_and_nothing_else()
    {
        using var desk = new LambdaDesk(new ScriptedServer((List, 200, Data(
            Row(id: "1"), Row(id: "2", name: "renamed", tag: "orc-e1-8-1"), Row(id: "3", name: "somebody's"), Row(id: "4", name: null), Row(id: "5", name: "x", tag: "0007"), Row(id: "6", status: "terminated"), "null", "7"))).Handler);

        Assert.Equal([("1", "orc-e1-7-1"), ("2", "orc-e1-8-1")], (await desk.Provider.ListInstancesAsync(default)).Select(instance => (instance.InstanceId, instance.Label)));
    }

    [Fact]
    public async Task Pages_that_come_unasked_are_read()
    {
        using var desk = new LambdaDesk(new ScriptedServer(
            (List, 200, $$"""{"data":[{{Row(id: "1")}}],"page_token":"a b"}"""), ("GET /api/v1/instances?page_token=a%20b", 200, $$"""{"data":[{{Row(id: "2")}}],"page_token":null}"""), (List, 200, $$"""{"data":[{{Row(id: "2")}}]}""")).Handler);

        Assert.Equal(["1", "2"], (await desk.Provider.ListInstancesAsync(default)).Select(instance => instance.InstanceId));
    }

    [Theory]
    [InlineData(200, """{"data":null}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"data":{"instances":[]}}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"data":[{"name":"orc-e1-7-1","status":"active"}]}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"data":[],"page_token":"again"}""", ProviderErrorKind.Unknown)]
    [InlineData(200, "<html>", ProviderErrorKind.Unknown)]
    [InlineData(502, "<html>", ProviderErrorKind.Transient)]
    public async Task A_list_that_is_not_whole_is_none(int status, string body, ProviderErrorKind kind)
    {
        using var desk = new LambdaDesk(new ScriptedServer((List, status, body)).Handler);

        Assert.Equal(kind, (await LambdaDesk.FailsAsync(() => desk.Provider.ListInstancesAsync(default))).Kind);
    }

    /// <summary>Bodies of instances hold the token of a notebook server.</summary>
    [Fact]
    public async Task What_an_instance_tells_is_in_no_message()
    {
        using var desk = new LambdaDesk(new ScriptedServer(
            (Show, 200, $$$"""{"data":{"id":"{{{Id}}}","name":"orc-e1-7-1","status":"active","jupyter_token":"hunter22"}}"""), (List, 200, """{"data":{"jupyter_token":"hunter22"}}"""), (Terminate, 200, """{"data":{"jupyter_token":"hunter22"}}""")).Handler);

        foreach (var call in (Func<Task>[])[() => desk.Provider.GetEndpointAsync(Id, default), () => desk.Provider.ListInstancesAsync(default), () => desk.Provider.DestroyAsync(Id, default)])
        {
            Assert.DoesNotContain("hunter22", (await LambdaDesk.FailsAsync(call)).ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(200, $$$"""{"data":{"terminated_instances":[{"id":"{{{Id}}}","status":"active"}]}}""", null)]
    [InlineData(200, """{"data":{"terminated_instances":[]}}""", ProviderErrorKind.Unknown)]
    [InlineData(200, "<html>", ProviderErrorKind.Unknown)]
    [InlineData(404, Missing, ProviderErrorKind.NotFound)]
    [InlineData(400, Missing, ProviderErrorKind.NotFound)]
    [InlineData(404, "<html>", ProviderErrorKind.Unknown)]
    [InlineData(429, "Too many requests", ProviderErrorKind.RateLimited)]
    public async Task A_destroy_counts_only_when_the_api_says_so(int status, string body, ProviderErrorKind? kind)
    {
        using var desk = new LambdaDesk(new ScriptedServer((Terminate, status, body), (List, 200, Data(Row(id: "1")))).Handler);

        var failure = await Record.ExceptionAsync(() => desk.Provider.DestroyAsync(Id, default));

        Assert.Equal(kind, (failure as ProviderException)?.Kind);
        Assert.Equal(kind is null, failure is null);
    }

    /// <summary>Just after its launch the API does not know an instance by its id; what is listed is owed an end.</summary>
    [Theory]
    [InlineData("booting", ProviderErrorKind.Transient)]
    [InlineData("terminated", ProviderErrorKind.NotFound)]
    [InlineData("preempted", ProviderErrorKind.NotFound)]
    public async Task Not_found_is_believed_where_the_list_agrees(string status, ProviderErrorKind kind)
    {
        using var desk = new LambdaDesk(new ScriptedServer((Terminate, 404, Missing), (List, 200, Data(Row(id: Id, status: status)))).Handler);

        Assert.Equal(kind, (await LambdaDesk.FailsAsync(() => desk.Provider.DestroyAsync(Id, default))).Kind);
    }

    [Fact]
    public async Task A_machine_is_reached_at_its_address_with_its_own_key()
    {
        using var desk = new LambdaDesk(new ScriptedServer((Show, 200, $$$"""{"data":{{{Row(address: "198.51.100.20")}}}}""")).Handler);

        var endpoint = Assert.IsType<SshEndpoint>(await desk.Provider.GetEndpointAsync(Id, default));

        Assert.Equal(("198.51.100.20", 22, "ubuntu", desk.Keys.HostKeyOf("orc-e1-7-1").Fingerprint), (endpoint.Machine.Host, endpoint.Machine.Port, endpoint.Machine.User, endpoint.Machine.HostKey));
    }

    private static string Data(params string[] rows) => $$"""{"data":[{{string.Join(',', rows)}}]}""";

    private static string Row(string id = Id, string? name = "orc-e1-7-1", string status = "active", string? address = null, string? tag = null) => new JsonObject
    {
        ["id"] = id, ["name"] = name, ["status"] = status, ["ip"] = address, ["tags"] = tag is null ? null : new JsonArray(new JsonObject { ["key"] = "orchestrator", ["value"] = tag }),
    }.ToJsonString();
}
