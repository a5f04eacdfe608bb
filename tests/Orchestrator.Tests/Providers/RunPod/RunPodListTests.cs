using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Orchestrator.Tests.Http;
using Xunit;

namespace Orchestrator.Tests.Providers.RunPod;

public sealed class RunPodListTests
{
    private const string List = "GET /v2/pods";
    private const string Door = """, "ssh":{"direct":{"host":"203.0.113.24","port":41022}}""";

    /// <summary>RUNNING is said from the create call on; it runs when it can be reached.</summary>
    [Theory]
    [InlineData("PROVISIONING", "", InstanceStatus.Booting)]
    [InlineData("STARTING", "", InstanceStatus.Booting)]
    [InlineData("RUNNING", "", InstanceStatus.Booting)]
    [InlineData("RUNNING", """, "runtime":{}, "ssh":{"direct":null}""", InstanceStatus.Booting)]
    [InlineData("RUNNING", Door, InstanceStatus.Running)]
    [InlineData("EXITED", "", InstanceStatus.Stopped)]
    [InlineData("EXITED", Door, InstanceStatus.Stopped)]
    [InlineData("ERROR", "", InstanceStatus.Stopped)]
    [InlineData("TERMINATED", "", InstanceStatus.Terminating)]
    [InlineData("A WORD OF TOMORROW", Door, InstanceStatus.Unknown)]
    [InlineData("", "", InstanceStatus.Unknown)]
    public async Task A_status_is_one_of_ours(string status, string more, InstanceStatus expected)
    {
        using var desk = Start((List, 200, Page(Row("aaaa1", status: status, more: more))));

        Assert.Equal(expected, Assert.Single(await desk.Provider.ListInstancesAsync(default)).Status);
    }

    [Theory]
    [InlineData("RUNNING", BilledParts.All)]
    [InlineData("STARTING", BilledParts.All)]
    [InlineData("ERROR", BilledParts.All)]
    [InlineData("EXITED", BilledParts.None)]
    public async Task Nothing_is_billed_of_a_pod_that_has_exited(string status, BilledParts billed)
    {
        using var desk = Start((List, 200, Page(Row("aaaa1", status: status))));

        Assert.Equal(billed, Assert.Single(await desk.Provider.ListInstancesAsync(default)).Billed);
    }

    [Fact]
    public async Task A_row_has_its_label_and_words_for_a_person()
    {
        using var desk = Start((List, 200, Page(Row("aaaa1", more: """, "dataCenterId":"EU-RO-1" """))));

        var listed = Assert.Single(await desk.Provider.ListInstancesAsync(default));

        Assert.Equal(("aaaa1", "orc-e1-7-1", "RUNNING in EU-RO-1, without a port yet: the image is pulled, or it does not start"), (listed.InstanceId, listed.Label, listed.Words));
        Assert.Null(listed.Term);
    }

    [Fact]
    public async Task What_others_rented_is_no_business_of_ours()
    {
        using var desk = Start((List, 200, Page(Row("aaaa1", "job-7f3a"), Row("aaaa2", ""), Row("aaaa3"), """{"garbage": true}""", "null", "7")));

        Assert.Equal("aaaa3", Assert.Single(await desk.Provider.ListInstancesAsync(default)).InstanceId);
    }

    [Fact]
    public async Task All_pages_are_read()
    {
        var server = new ScriptedServer(
            (List, 200, Page([Row("aaaa1"), Row("aaaa2")], "a b&c", true)),
            (List, 200, Page([Row("aaaa2"), Row("aaaa3")], null, false)));
        using var desk = new RunPodDesk(server.Handler);

        Assert.Equal(["aaaa1", "aaaa2", "aaaa3"], (await desk.Provider.ListInstancesAsync(default)).Select(instance => instance.InstanceId));
        Assert.Contains("cursor=a%20b%26c", server.Sent[1].Path, StringComparison.Ordinal);
    }

    /// <summary>A server that knows no pages sends all; one that says there are none more may still name a cursor.</summary>
    [Theory]
    [InlineData("""{"pods":[{"id":"aaaa1","name":"orc-e1-7-1","status":"RUNNING"}]}""")]
    [InlineData("""{"pods":[{"id":"aaaa1","name":"orc-e1-7-1","status":"RUNNING"}],"pagination":{"nextCursor":"x","hasNextPage":false}}""")]
    [InlineData("""{"pods":[{"id":"aaaa1","name":"orc-e1-7-1","status":"RUNNING"}],"pagination":null}""")]
    public async Task One_page_may_be_all(string body)
    {
        using var desk = Start((List, 200, body));

        Assert.Single(await desk.Provider.ListInstancesAsync(default));
    }

    [Theory]
    [InlineData(200, """{"pods":null}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """[]""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"pods":[{"name":"orc-e1-7-1"}]}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"pods":[],"pagination":{"hasNextPage":true}}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"pods":[],"pagination":{"hasNextPage":true,"nextCursor":"again"}}""", ProviderErrorKind.Unknown)]
    [InlineData(200, "<html>maintenance</html>", ProviderErrorKind.Unknown)]
    [InlineData(502, "<html>Bad Gateway</html>", ProviderErrorKind.Transient)]
    [InlineData(401, """{"title":"Unauthorized","status":401,"detail":"missing bearer token"}""", ProviderErrorKind.Unauthorized)]
    [InlineData(403, """{"title":"Forbidden","status":403,"detail":"no"}""", ProviderErrorKind.Unauthorized)]
    [InlineData(410, """{"title":"Gone","status":410,"detail":"retired"}""", ProviderErrorKind.Gone)]
    [InlineData(422, """{"title":"Unprocessable Entity","status":422,"detail":"Request validation failed.","errors":["$.cursor: malformed"]}""", ProviderErrorKind.Rejected)]
    public async Task A_list_that_is_not_whole_is_none(int status, string body, ProviderErrorKind kind)
    {
        using var desk = Start((List, status, body));

        Assert.Equal(kind, (await RunPodDesk.FailsAsync(() => desk.Provider.ListInstancesAsync(default))).Kind);
    }

    [Fact]
    public async Task Charges_are_read_back_in_their_parts()
    {
        var server = new ScriptedServer(("GET /v2/billing/pods", 200,
            """
            {"records":[{"startTime":"2026-11-20T00:00:00Z","endTime":"2026-11-21T00:00:00Z","podId":"k3x9d7q2wn5t1b","totalAmount":3.81,"gpuAmount":3.7,"cpuAmount":0,"diskAmount":0.11},{"podId":null,"totalAmount":1},{"podId":"x"}],
             "metadata":{"recordCount":3}}
            """));
        using var desk = new RunPodDesk(server.Handler);

        var charge = Assert.Single(await desk.Provider.ListChargesAsync(new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero), default));

        Assert.Equal(("k3x9d7q2wn5t1b", 3.81m, 3.7m, 0.11m, 0m, 0m), (charge.InstanceId, charge.Total.Dollars, charge.Compute.Dollars, charge.Disk.Dollars, charge.Down.Dollars, charge.Up.Dollars));
        Assert.Equal("/v2/billing/pods?startTime=2026-11-01T00%3A00%3A00Z&endTime=2026-11-21T12%3A00%3A00Z&bucketSize=day", server.Sent[0].Path);
    }

    [Theory]
    [InlineData("""{"records":null}""")]
    [InlineData("""{"records":[],"metadata":{"recordCount":2}}""")]
    public async Task Charges_that_are_not_whole_are_none(string body)
    {
        using var desk = Start(("GET /v2/billing/pods", 200, body));

        Assert.Equal(ProviderErrorKind.Unknown, (await RunPodDesk.FailsAsync(() => desk.Provider.ListChargesAsync(default, default, default))).Kind);
    }

    [Theory]
    [InlineData(200, """{"data":{"myself":{"id":"user_abc","clientBalance":41.27,"currentSpendPerHr":0.745}}}""", "user_abc", 41.27)]
    [InlineData(200, """{"data":{"myself":{"id":"user_abc","email":"dev@example.org","clientBalance":-0.5}}}""", "dev@example.org", -0.5)]
    [InlineData(200, """{"errors":[{"message":"no"}],"data":null}""", null, null)]
    [InlineData(400, """{"errors":[{"message":"Cannot query field \"clientBalance\" on type \"User\"."}]}""", null, null)]
    [InlineData(410, "", null, null)]
    [InlineData(401, "", null, null)]
    [InlineData(429, "", null, null)]
    [InlineData(502, "<html>", null, null)]
    public async Task What_is_left_is_the_old_apis_to_say_as_long_as_it_is_there(int status, string body, string? owner, double? balance)
    {
        using var desk = Start((List, 200, """{"pods":[]}"""), ("POST /graphql", status, body));

        var account = await desk.Provider.GetAccountAsync(default);

        Assert.Equal((owner, (decimal?)balance), (account.Owner, account.Spendable?.Dollars));
    }

    [Fact]
    public async Task That_the_key_is_bad_is_the_newer_ones()
    {
        using var desk = Start((List, 401, """{"title":"Unauthorized","status":401,"detail":"invalid bearer token"}"""));

        Assert.Equal(ProviderErrorKind.Unauthorized, (await RunPodDesk.FailsAsync(() => desk.Provider.GetAccountAsync(default))).Kind);
    }

    private static RunPodDesk Start(params (string Request, int Status, string Body)[] script) => new(new ScriptedServer(script).Handler);

    private static string Row(string id, string label = "orc-e1-7-1", string status = "RUNNING", string more = "") => $$"""{"id": "{{id}}", "name": "{{label}}", "status": "{{status}}"{{more}}}""";

    private static string Page(params string[] rows) => Page(rows, null, false);

    private static string Page(string[] rows, string? next, bool more) =>
        $$$"""{"pods": [{{{string.Join(',', rows)}}}], "pagination": {"nextCursor": {{{(next is null ? "null" : $"\"{next}\"")}}}, "hasNextPage": {{{(more ? "true" : "false")}}}}}""";
}
