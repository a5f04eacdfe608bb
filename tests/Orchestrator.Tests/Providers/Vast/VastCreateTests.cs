using System.Text.Json.Nodes;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Xunit;

namespace Orchestrator.Tests.Providers.Vast;

public sealed class VastCreateTests
{
    private const string Create = "PUT /api/v0/asks/31847205/";
    private const string Destroy = "DELETE /api/v0/instances/45812301/";
    private const string Made = """{"success":true,"new_contract":45812277,"instance_api_key":"d15a0c"}""";

    [Fact]
    public async Task On_demand_names_no_price()
    {
        using var desk = VastDesk.Of((Create, 200, Made));

        Assert.Equal("45812277", await desk.Provider.CreateAsync(VastDesk.Launch() with { Image = new ImageToRun("nvidia/cuda:12.4.1-runtime-ubuntu22.04") }, default));

        var body = Assert.Single(desk.Sent).Body!.AsObject();
        Assert.False(body.ContainsKey("price"));
        Assert.Equal(("orc-e1-7-1", "nvidia/cuda:12.4.1-runtime-ubuntu22.04", 40, true), ((string)body["label"]!, (string)body["image"]!, (int)body["disk"]!, (bool)body["cancel_unavail"]!));
        Assert.Equal(["create"], desk.Pacer.Taken);
    }

    [Fact]
    public async Task An_interruptible_one_names_the_bid()
    {
        using var desk = VastDesk.Of((Create, 200, Made));

        await desk.Provider.CreateAsync(VastDesk.Launch(capacity: CapacityType.Interruptible, price: 0.2268m, offer: "31847205/bid"), default);

        Assert.Equal(0.2268m, (decimal)desk.Sent[0].Body!["price"]!);
    }

    [Fact]
    public async Task What_starts_sshd_has_the_pinned_key_and_ours_alone()
    {
        using var desk = VastDesk.Of((Create, 200, Made));

        await desk.Provider.CreateAsync(VastDesk.Launch(), default);

        var body = desk.Sent[0].Body!.AsObject();
        var arguments = body["args"]!.AsArray().Select(argument => (string)argument!).ToList();
        Assert.Equal(("args", "/bin/sh", "root"), ((string)body["runtype"]!, (string)body["onstart"]!, (string)body["user"]!));
        Assert.Equal((desk.Keys.HostKeyOf("orc-e1-7-1").Pem.Trim(), desk.Keys.LoginKey.Trim(), "10022"), (arguments[^5], arguments[^4], arguments[^3]));
        Assert.EndsWith("/api/v0/instances/ID/", arguments[^2], StringComparison.Ordinal);
        Assert.Equal("7200", arguments[^1]);
        Assert.Equal("1", (string)body["env"]!["-p 10022:10022"]!);
        Assert.True(arguments.Sum(argument => argument.Length) < 4048);
    }

    [Fact]
    public async Task A_registrys_login_goes_along_and_into_no_message()
    {
        using var desk = VastDesk.Of((Create, 400, """{"success":false,"error":"invalid_args","msg":"bad"}"""));
        var launch = VastDesk.Launch() with { Image = new ImageToRun("ghcr.io/a/b:1", "ghcr.io", "me", "hunter22") };

        var refused = await VastDesk.FailsAsync(() => desk.Provider.CreateAsync(launch, default));

        Assert.Equal("-u me -p hunter22 ghcr.io", (string)desk.Sent[0].Body!["image_login"]!);
        Assert.Equal(ProviderErrorKind.Rejected, refused.Kind);
        Assert.DoesNotContain("hunter22", refused.ToString() + launch, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, """{"success":false,"error":"invalid_args","msg":"error 404/3603: no_such_ask Instance type by id 31847205 is not available.","ask_id":31847205}""", ProviderErrorKind.NoCapacity)]
    [InlineData(410, """{"success":false,"error":"no_such_ask","msg":"error 410/3907: no_such_ask Instance type 31847205 is no longer available."}""", ProviderErrorKind.NoCapacity)]
    [InlineData(400, """{"success":false,"error":"no_such_ask"}""", ProviderErrorKind.NoCapacity)]
    [InlineData(200, """{"success":false,"error":"no_such_ask","msg":null}""", ProviderErrorKind.NoCapacity)]
    [InlineData(400, """{"success":false,"error":"insufficient_credit","msg":"Your balance is too low."}""", ProviderErrorKind.InsufficientFunds)]
    [InlineData(403, """{"success":false,"error":"spend_rate_limit"}""", ProviderErrorKind.InsufficientFunds)]
    [InlineData(403, """{"success":false,"error":"invalid_args","msg":"error 403/3586: Offer 1 is not your own. Hosts can only rent their own machines."}""", ProviderErrorKind.Rejected)]
    [InlineData(400, """{"success":false,"error":"invalid_price"}""", ProviderErrorKind.Rejected)]
    [InlineData(400, """{"message":"no"}""", ProviderErrorKind.Rejected)]
    [InlineData(429, "API requests too frequent: endpoint threshold=4.5", ProviderErrorKind.RateLimited)]
    [InlineData(401, "", ProviderErrorKind.Unauthorized)]
    [InlineData(402, "", ProviderErrorKind.InsufficientFunds)]
    [InlineData(402, "<html>Payment Required</html>", ProviderErrorKind.InsufficientFunds)]
    [InlineData(402, """{"success":false,"msg":"Your card was declined."}""", ProviderErrorKind.InsufficientFunds)]
    [InlineData(403, """{"success":false,"msg":"This key has no right to rent."}""", ProviderErrorKind.Unauthorized)]
    public async Task Refusals_say_that_nothing_was_rented(int status, string body, ProviderErrorKind kind)
    {
        using var desk = VastDesk.Of((Create, status, body));

        Assert.Equal(kind, (await VastDesk.FailsAsync(() => desk.Provider.CreateAsync(VastDesk.Launch(), default))).Kind);
        Assert.Single(desk.Sent);
    }

    [Theory]
    [InlineData(500, "<html>Internal Server Error</html>", ProviderErrorKind.Transient)]
    [InlineData(403, "<html><head><title>403 Forbidden</title></head></html>", ProviderErrorKind.Unknown)]
    [InlineData(400, "no_such_ask, says a gateway", ProviderErrorKind.Unknown)]
    [InlineData(502, "", ProviderErrorKind.Transient)]
    [InlineData(400, """{"success":false,"error":"server_error","msg":"Something went wrong on the server"}""", ProviderErrorKind.Transient)]
    [InlineData(404, "<html>Not Found</html>", ProviderErrorKind.Unknown)]
    [InlineData(200, "", ProviderErrorKind.Unknown)]
    [InlineData(200, "null", ProviderErrorKind.Unknown)]
    [InlineData(200, "[]", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"success":true}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"success":true,"new_contract":{"id":1}}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"success":false}""", ProviderErrorKind.Unknown)]
    [InlineData(301, "", ProviderErrorKind.Unknown)]
    public async Task What_is_no_clear_refusal_may_have_rented(int status, string body, ProviderErrorKind kind)
    {
        using var desk = VastDesk.Of((Create, status, body));

        Assert.Equal(kind, (await VastDesk.FailsAsync(() => desk.Provider.CreateAsync(VastDesk.Launch(), default))).Kind);
    }

    [Fact]
    public async Task What_a_refused_bid_leaves_is_destroyed_at_once()
    {
        using var desk = VastDesk.Of((Create, 200, """{"success":false,"new_contract":45812301}"""), (Destroy, 200, """{"success":true}"""));

        var refused = await VastDesk.FailsAsync(() => desk.Provider.CreateAsync(VastDesk.Launch(), default));

        Assert.Equal((ProviderErrorKind.NoCapacity, 2), (refused.Kind, desk.Sent.Count));
    }

    [Fact]
    public async Task What_a_refused_bid_leaves_and_cannot_be_destroyed_stays_to_be_found()
    {
        using var desk = VastDesk.Of((Create, 200, """{"success":false,"new_contract":45812301,"error":null,"msg":null}"""), (Destroy, 502, "<html>"));

        Assert.Equal(ProviderErrorKind.Unknown, (await VastDesk.FailsAsync(() => desk.Provider.CreateAsync(VastDesk.Launch(), default))).Kind);
    }

    [Fact]
    public async Task An_offer_of_somebody_elses_is_not_sent()
    {
        using var desk = VastDesk.Of();

        Assert.Equal(ProviderErrorKind.NoCapacity, (await VastDesk.FailsAsync(() => desk.Provider.CreateAsync(VastDesk.Launch(offer: "../users/1"), default))).Kind);
        Assert.Empty(desk.Sent);
    }

    [Theory]
    [InlineData(200, """{"success":true,"msg":"ok"}""", null)]
    [InlineData(204, "", null)]
    [InlineData(200, "null", null)]
    [InlineData(200, """{"instances":[]}""", null)]
    [InlineData(404, """{"success":false,"error":"no_such_instance","msg":"Instance 45812301 not found."}""", ProviderErrorKind.NotFound)]
    [InlineData(404, """{"success":false,"error":"not_found","msg":"Instance not found"}""", ProviderErrorKind.NotFound)]
    [InlineData(404, "<html>404 Not Found</html>", ProviderErrorKind.Unknown)]
    [InlineData(404, """{"success":false,"error":"auth_error","msg":"Invalid user key"}""", ProviderErrorKind.Unauthorized)]
    [InlineData(200, """{"success":false,"error":"busy"}""", ProviderErrorKind.Unknown)]
    [InlineData(200, "<html>maintenance</html>", ProviderErrorKind.Unknown)]
    [InlineData(429, """{"success":false,"error":"rate_limit_exceeded","msg":"API requests too frequent endpoint threshold=3.0"}""", ProviderErrorKind.RateLimited)]
    public async Task A_destroy_counts_only_when_the_api_says_so(int status, string body, ProviderErrorKind? kind)
    {
        using var desk = VastDesk.Of((Destroy, status, body));

        var failure = await Record.ExceptionAsync(() => desk.Provider.DestroyAsync("45812301", default));

        Assert.Equal(kind, (failure as ProviderException)?.Kind);
        Assert.Equal("{}", desk.Sent[0].Body!.ToJsonString());
    }

    [Fact]
    public async Task Only_numbers_become_paths()
    {
        using var desk = VastDesk.Of();

        Assert.Equal(ProviderErrorKind.NotFound, (await VastDesk.FailsAsync(() => desk.Provider.DestroyAsync("7/../8", default))).Kind);
        Assert.Empty(desk.Sent);
    }

    [Fact]
    public async Task An_instance_is_reached_at_its_port_with_its_own_key()
    {
        using var desk = VastDesk.Of(("GET /api/v0/instances/7/", 200, """{"instances":{"id":7,"label":"orc-e1-7-1","public_ipaddr":" 203.0.113.24\n","ports":{"10022/tcp":[{"HostIp":"0.0.0.0","HostPort":"41022"}]}}}"""));

        var endpoint = Assert.IsType<SshEndpoint>(await desk.Provider.GetEndpointAsync("7", default));

        Assert.Equal(("203.0.113.24", 41022, "root", desk.Keys.HostKeyOf("orc-e1-7-1").Fingerprint), (endpoint.Machine.Host, endpoint.Machine.Port, endpoint.Machine.User, endpoint.Machine.HostKey));
    }

    [Theory]
    [InlineData("""{"instances":null}""", ProviderErrorKind.NotFound)]
    [InlineData("""{"instances":[]}""", ProviderErrorKind.NotFound)]
    [InlineData("""{"instances":{"id":7,"label":"orc-e1-7-1","ports":null}}""", ProviderErrorKind.Transient)]
    [InlineData("""{"instances":{"id":7,"label":"orc-e1-7-1","public_ipaddr":"203.0.113.24","ports":{"22/tcp":[{"HostPort":"1"}]}}}""", ProviderErrorKind.Transient)]
    [InlineData("""{"instances":{"id":7,"label":"orc-e1-7-1","public_ipaddr":"a b; rm","ports":{"10022/tcp":[{"HostPort":"41022"}]}}}""", ProviderErrorKind.Transient)]
    [InlineData("""{"success":true}""", ProviderErrorKind.Unknown)]
    public async Task What_has_no_door_yet_has_a_reason(string body, ProviderErrorKind kind)
    {
        using var desk = VastDesk.Of(("GET /api/v0/instances/7/", 200, body));

        Assert.Equal(kind, (await VastDesk.FailsAsync(() => desk.Provider.GetEndpointAsync("7", default))).Kind);
    }

    [Fact]
    public async Task Charges_are_read_back_in_their_parts()
    {
        using var desk = VastDesk.Of(("GET /api/v0/charges/", 200,
            """
            {"success":true,"count":1,"total":1,"next_token":null,"results":[{"start":1790805000,"end":1790812800,"type":"instance","source":"instance-45812277","amount":0.756,
             "items":[{"type":"gpu","amount":0.722},{"type":"disk","amount":0.024},{"type":"bwd","amount":0.010},{"type":"new","amount":null}]}]}
            """));

        var charge = Assert.Single(await desk.Provider.ListChargesAsync(DateTimeOffset.FromUnixTimeSeconds(1790800000), DateTimeOffset.FromUnixTimeSeconds(1790900000), default));

        Assert.Equal(("45812277", 0.756m, 0.722m, 0.024m, 0.010m, 0m), (charge.InstanceId, charge.Total.Dollars, charge.Compute.Dollars, charge.Disk.Dollars, charge.Down.Dollars, charge.Up.Dollars));
        Assert.Contains(Uri.EscapeDataString("""{"day":{"gte":1790800000,"lte":1790900000},"type":{"in":["instance"]}}"""), desk.Sent[0].Path, StringComparison.Ordinal);
    }
}
