using System.Text.Json.Nodes;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Providers.RunPod;
using Orchestrator.Tests.Http;
using Xunit;

namespace Orchestrator.Tests.Providers.RunPod;

public sealed class RunPodCreateTests
{
    private const string Create = "POST /v2/pods";
    private const string Registries = "GET /v2/registries";
    private const string NewRegistry = "POST /v2/registries";
    private const string Destroy = "DELETE /v2/pods/k3x9d7q2wn5t1b";
    private const string Show = "GET /v2/pods/k3x9d7q2wn5t1b";
    private const string Made = """{"id":"k3x9d7q2wn5t1b","name":"orc-e1-7-1","status":"RUNNING","runtime":null}""";
    private const string NoFilters = """{"title":"Unprocessable Entity","status":422,"detail":"Request validation failed.","errors":["$.gpu: additional properties 'minRamPerGpu', 'minVcpuCountPerGpu' not allowed"]}""";

    [Fact]
    public async Task A_create_names_one_card_one_place_and_what_the_offer_promised()
    {
        var server = new ScriptedServer((Create, 201, Made));
        using var desk = new RunPodDesk(server.Handler);

        Assert.Equal("k3x9d7q2wn5t1b", await desk.Provider.CreateAsync(RunPodDesk.Launch() with { Image = new ImageToRun("nvidia/cuda:12.4.1-runtime-ubuntu22.04") }, default));

        var body = Assert.Single(server.Sent).Body!.AsObject();
        Assert.Equal(
            """{"id":"NVIDIA GeForce RTX 4090","count":2,"minCudaVersion":"12.8","minRamPerGpu":24,"minVcpuCountPerGpu":4}""", body["gpu"]!.ToJsonString());
        Assert.Equal(("orc-e1-7-1", "nvidia/cuda:12.4.1-runtime-ubuntu22.04", 40, "SECURE"), ((string)body["name"]!, (string)body["image"]!, (int)body["disk"]!, (string)body["cloud"]!));
        Assert.Equal(("""["EU-RO-1"]""", """["22/tcp"]""", false), (body["dataCenterIds"]!.ToJsonString(), body["ports"]!.ToJsonString(), (bool)body["startSsh"]!));
        Assert.Equal(["all"], desk.Pacer.Taken);
    }

    [Fact]
    public async Task Anywhere_is_said_by_naming_no_data_centre()
    {
        var server = new ScriptedServer((Create, 201, Made));
        using var desk = new RunPodDesk(server.Handler);

        await desk.Provider.CreateAsync(RunPodDesk.Launch(offer: "community/AMD Instinct MI300X OAM/2/any"), default);

        var body = server.Sent[0].Body!.AsObject();
        Assert.Equal(("COMMUNITY", false, false), ((string)body["cloud"]!, body.ContainsKey("dataCenterIds"), body["gpu"]!.AsObject().ContainsKey("minCudaVersion")));
    }

    [Fact]
    public async Task What_starts_sshd_has_the_pinned_key_and_ours_alone()
    {
        var server = new ScriptedServer((Create, 201, Made));
        using var desk = new RunPodDesk(server.Handler);

        await desk.Provider.CreateAsync(RunPodDesk.Launch(), default);

        var both = JsonNode.Parse((string)server.Sent[0].Body!["args"]!)!;
        var arguments = both["cmd"]!.AsArray().Select(argument => (string)argument!).ToList();
        Assert.Equal("""["/bin/sh"]""", both["entrypoint"]!.ToJsonString());
        Assert.Equal((desk.Keys.HostKeyOf("orc-e1-7-1").Pem.Trim(), desk.Keys.LoginKey.Trim(), "22"), (arguments[^5], arguments[^4], arguments[^3]));
        Assert.EndsWith("/v2/pods/ID", arguments[^2], StringComparison.Ordinal);
        Assert.Equal("7200", arguments[^1]);
    }

    [Fact]
    public async Task A_server_that_knows_no_demands_on_hosts_is_asked_without_them()
    {
        var server = new ScriptedServer((Create, 422, NoFilters), (Create, 201, Made));
        using var desk = new RunPodDesk(server.Handler);

        await desk.Provider.CreateAsync(RunPodDesk.Launch(), default);
        await desk.Provider.CreateAsync(RunPodDesk.Launch("orc-e1-8-1"), default);

        Assert.Equal([true, false, false], server.Sent.Select(sent => sent.Body!["gpu"]!.AsObject().ContainsKey("minRamPerGpu")));
    }

    /// <summary>Where a property is missing, the validator calls good ones unknown.</summary>
    [Fact]
    public async Task A_refusal_that_only_seems_to_be_of_those_demands_is_told_as_it_is()
    {
        var server = new ScriptedServer((Create, 422, """{"title":"Unprocessable Entity","status":422,"detail":"Request validation failed.","errors":["$: missing property 'x'","$.gpu: additional properties 'minRamPerGpu' not allowed"]}"""));
        using var desk = new RunPodDesk(server.Handler);

        var refused = await RunPodDesk.FailsAsync(() => desk.Provider.CreateAsync(RunPodDesk.Launch(), default));

        Assert.Equal((ProviderErrorKind.Rejected, 1), (refused.Kind, server.Sent.Count));
        Assert.Contains("missing property 'x'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registrys_login_is_put_on_the_account_once_and_into_no_message()
    {
        var launch = RunPodDesk.Launch() with { Image = new ImageToRun("ghcr.io/a/b:1", "ghcr.io", "me", "hunter22") };
        var server = new ScriptedServer((Registries, 200, """{"registries":[]}"""), (NewRegistry, 201, """{"id":"reg1","name":"x"}"""), (Create, 400, """{"title":"Bad Request","status":400,"detail":"no"}"""));
        using var desk = new RunPodDesk(server.Handler);

        var refused = await RunPodDesk.FailsAsync(() => desk.Provider.CreateAsync(launch, default));

        var login = server.Sent[1].Body!;
        Assert.Equal(("me", "hunter22", "reg1"), ((string)login["username"]!, (string)login["password"]!, (string)server.Sent[2].Body!["registry"]!));
        Assert.DoesNotContain("hunter22", refused.ToString() + server.Sent[2].Body + login["name"], StringComparison.Ordinal);

        var known = new ScriptedServer((Registries, 200, $$"""{"registries":[{"id":"reg0","name":"theirs"},{"id":"reg7","name":"{{login["name"]}}"}]}"""), (Create, 201, Made));
        using var again = new RunPodDesk(known.Handler);
        await again.Provider.CreateAsync(launch, default);
        Assert.Equal("reg7", (string)known.Sent[1].Body!["registry"]!);
    }

    [Theory]
    [InlineData(500, """{"title":"x","status":500,"detail":"hunter22"}""")]
    [InlineData(200, """{"password":"hunter22"}""")]
    public async Task Without_the_login_nothing_is_rented(int status, string body)
    {
        var server = new ScriptedServer((Registries, 200, """{"registries":[]}"""), (NewRegistry, status, body));
        using var desk = new RunPodDesk(server.Handler);

        var refused = await RunPodDesk.FailsAsync(() => desk.Provider.CreateAsync(RunPodDesk.Launch() with { Image = new ImageToRun("ghcr.io/a/b:1", "ghcr.io", "me", "hunter22") }, default));

        Assert.Equal(ProviderErrorKind.Rejected, refused.Kind);
        Assert.DoesNotContain("hunter22", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "There are no longer any instances available with the requested specifications. Please refresh and try again.", ProviderErrorKind.NoCapacity)]
    [InlineData(400, "create pod: There are no instances currently available", ProviderErrorKind.NoCapacity)]
    [InlineData(400, "THIS MACHINE DOES NOT HAVE THE RESOURCES TO DEPLOY YOUR POD. Please try a different machine", ProviderErrorKind.NoCapacity)]
    [InlineData(400, "create pod: could not find any pods with required specifications", ProviderErrorKind.NoCapacity)]
    [InlineData(400, "There are no longer any instances available with enough disk space.", ProviderErrorKind.NoCapacity)]
    [InlineData(400, "Unknown GPU type: NVIDIA GeForce RTX 4090", ProviderErrorKind.NoCapacity)]
    [InlineData(422, "Unknown GPU type: NVIDIA GeForce RTX 4090", ProviderErrorKind.NoCapacity)]
    [InlineData(400, "You must either provide a template id or pod configuration parameters", ProviderErrorKind.Rejected)]
    [InlineData(400, "exactly one of gpu and cpu is required", ProviderErrorKind.Rejected)]
    [InlineData(422, "Request validation failed.", ProviderErrorKind.Rejected)]
    [InlineData(413, "request body too large", ProviderErrorKind.Rejected)]
    [InlineData(409, "action not valid for current pod status", ProviderErrorKind.Rejected)]
    [InlineData(404, "template not found", ProviderErrorKind.NotFound)]
    [InlineData(402, "insufficient balance", ProviderErrorKind.InsufficientFunds)]
    [InlineData(400, "Insufficient balance to deploy this pod. You need at least $0.74", ProviderErrorKind.InsufficientFunds)]
    [InlineData(401, "invalid bearer token", ProviderErrorKind.Unauthorized)]
    [InlineData(403, "the key lacks the scope for this", ProviderErrorKind.Unauthorized)]
    [InlineData(403, "your account cannot use this pool", ProviderErrorKind.Rejected)]
    [InlineData(410, "retired", ProviderErrorKind.Gone)]
    [InlineData(429, "rate limit exceeded for the minute window", ProviderErrorKind.RateLimited)]
    public async Task Refusals_say_that_nothing_was_rented(int status, string detail, ProviderErrorKind kind)
    {
        var server = new ScriptedServer((Create, status, new JsonObject { ["title"] = "x", ["status"] = status, ["detail"] = detail }.ToJsonString()));
        using var desk = new RunPodDesk(server.Handler);

        // With the driver that the job needs: with a newer one it would be asked for again.
        var refused = await RunPodDesk.FailsAsync(() => desk.Provider.CreateAsync(RunPodDesk.Launch() with { Cuda = RunPodPlace.Version("12.8") }, default));

        Assert.Equal((kind, 1), (refused.Kind, server.Sent.Count));
        Assert.Contains(detail, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_does_a_want_of_money_without_words()
    {
        using var desk = new RunPodDesk(new ScriptedServer((Create, 402, "")).Handler);

        Assert.Equal(ProviderErrorKind.InsufficientFunds, (await RunPodDesk.FailsAsync(() => desk.Provider.CreateAsync(RunPodDesk.Launch(), default))).Kind);
    }

    [Theory]
    [InlineData(500, """{"title":"x","status":500,"detail":"create pod: There are no instances currently available"}""", ProviderErrorKind.Transient)]
    [InlineData(502, "<html>Bad Gateway</html>", ProviderErrorKind.Transient)]
    [InlineData(400, """{"title":"x","status":400,"detail":"Something went wrong. Please try again later or contact support."}""", ProviderErrorKind.Transient)]
    [InlineData(400, "<html>Bad Request</html>", ProviderErrorKind.Unknown)]
    [InlineData(403, "<html>403 Forbidden</html>", ProviderErrorKind.Unknown)]
    [InlineData(403, "error code: 1010", ProviderErrorKind.Unknown)]
    [InlineData(404, "<html>404 Not Found</html>", ProviderErrorKind.Unknown)]
    [InlineData(201, "", ProviderErrorKind.Unknown)]
    [InlineData(201, """{"id":{"x":1}}""", ProviderErrorKind.Unknown)]
    [InlineData(200, "<html>maintenance</html>", ProviderErrorKind.Unknown)]
    [InlineData(302, "", ProviderErrorKind.Unknown)]
    public async Task What_is_no_clear_refusal_may_have_rented(int status, string body, ProviderErrorKind kind)
    {
        using var desk = new RunPodDesk(new ScriptedServer((Create, status, body)).Handler);

        Assert.Equal(kind, (await RunPodDesk.FailsAsync(() => desk.Provider.CreateAsync(RunPodDesk.Launch(), default))).Kind);
    }

    [Fact]
    public async Task An_offer_of_somebody_elses_is_not_sent()
    {
        var server = new ScriptedServer();
        using var desk = new RunPodDesk(server.Handler);

        Assert.Equal(ProviderErrorKind.NoCapacity, (await RunPodDesk.FailsAsync(() => desk.Provider.CreateAsync(RunPodDesk.Launch(offer: "31847205/bid"), default))).Kind);
        Assert.Empty(server.Sent);
    }

    [Theory]
    [InlineData(204, "", null)]
    [InlineData(200, "", null)]
    [InlineData(404, """{"title":"Not Found","status":404,"detail":"pod not found"}""", ProviderErrorKind.NotFound)]
    [InlineData(404, "<html>404 Not Found</html>", ProviderErrorKind.Unknown)]
    [InlineData(403, """{"title":"Forbidden","status":403,"detail":"no"}""", ProviderErrorKind.Unauthorized)]
    [InlineData(403, "<html>403 Forbidden</html>", ProviderErrorKind.Unknown)]
    [InlineData(409, """{"title":"Conflict","status":409,"detail":"pod belongs to a cluster"}""", ProviderErrorKind.Rejected)]
    [InlineData(410, """{"title":"Gone","status":410,"detail":"retired"}""", ProviderErrorKind.Gone)]
    [InlineData(200, "<html>maintenance</html>", ProviderErrorKind.Unknown)]
    [InlineData(500, "", ProviderErrorKind.Transient)]
    public async Task A_destroy_counts_only_when_the_api_says_so(int status, string body, ProviderErrorKind? kind)
    {
        using var desk = new RunPodDesk(new ScriptedServer((Destroy, status, body)).Handler);

        var failure = await Record.ExceptionAsync(() => desk.Provider.DestroyAsync("k3x9d7q2wn5t1b", default));

        Assert.Equal(kind, (failure as ProviderException)?.Kind);
        Assert.Equal(kind is null, failure is null);
    }

    [Theory]
    [InlineData("k3x9/../account")]
    [InlineData("i-nowhere")]
    [InlineData("")]
    [InlineData("k3x9?x=1")]
    public async Task Only_ids_become_paths(string id)
    {
        var server = new ScriptedServer();
        using var desk = new RunPodDesk(server.Handler);

        Assert.Equal(ProviderErrorKind.NotFound, (await RunPodDesk.FailsAsync(() => desk.Provider.DestroyAsync(id, default))).Kind);
        Assert.Empty(server.Sent);
    }

    [Theory]
    [InlineData(""" "ssh":{"direct":{"host":"203.0.113.24","port":41022}} """)]
    [InlineData(""" "ssh":{"direct":null},"runtime":{"ports":[{"private":8000,"public":60141,"type":"http","ip":"100.65.0.101"},{"private":22,"public":60142,"type":"http","ip":"100.65.0.101"},{"private":22,"public":41022,"type":"tcp","ip":"203.0.113.24"}]} """)]
    public async Task An_instance_is_reached_at_its_port_with_its_own_key(string where)
    {
        using var desk = new RunPodDesk(new ScriptedServer((Show, 200, $$"""{"id":"k3x9d7q2wn5t1b","name":"orc-e1-7-1","status":"RUNNING",{{where}}}""")).Handler);

        var endpoint = Assert.IsType<SshEndpoint>(await desk.Provider.GetEndpointAsync("k3x9d7q2wn5t1b", default));

        Assert.Equal(("203.0.113.24", 41022, "root", desk.Keys.HostKeyOf("orc-e1-7-1").Fingerprint), (endpoint.Machine.Host, endpoint.Machine.Port, endpoint.Machine.User, endpoint.Machine.HostKey));
    }

    [Theory]
    [InlineData(200, """{"name":"orc-e1-7-1","status":"RUNNING","runtime":null,"ssh":{"proxy":{"host":"ssh.runpod.io","port":22},"direct":null}}""", ProviderErrorKind.Transient)]
    [InlineData(200, """{"name":"orc-e1-7-1","status":"RUNNING","runtime":{},"ssh":null}""", ProviderErrorKind.Transient)]
    [InlineData(200, """{"name":"orc-e1-7-1","status":"RUNNING","ssh":{"direct":{"host":"a b; rm","port":41022}}}""", ProviderErrorKind.Transient)]
    [InlineData(200, """{"name":"orc-e1-7-1","status":"RUNNING","ssh":{"direct":{"host":"203.0.113.24","port":0}}}""", ProviderErrorKind.Transient)]
    [InlineData(200, """{"name":"orc-e1-7-1","status":"EXITED"}""", ProviderErrorKind.Transient)]
    [InlineData(200, """{"pod":1}""", ProviderErrorKind.Unknown)]
    [InlineData(404, """{"title":"Not Found","status":404,"detail":"pod not found"}""", ProviderErrorKind.NotFound)]
    [InlineData(404, "<html>", ProviderErrorKind.Unknown)]
    public async Task What_has_no_door_yet_has_a_reason(int status, string body, ProviderErrorKind kind)
    {
        using var desk = new RunPodDesk(new ScriptedServer((Show, status, body)).Handler);

        Assert.Equal(kind, (await RunPodDesk.FailsAsync(() => desk.Provider.GetEndpointAsync("k3x9d7q2wn5t1b", default))).Kind);
    }
}
