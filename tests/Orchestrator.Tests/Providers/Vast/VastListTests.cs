using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Providers.Vast;

public sealed class VastListTests
{
    private const string List = "GET /api/v1/instances/";

    /// <summary>The states of chapters 4.4 and 8.6 of the contract paper: actual, intended, cur, next.</summary>
    [Theory]
    [InlineData("null", "running", "running", InstanceStatus.Booting)]
    [InlineData("created", "running", "running", InstanceStatus.Booting)]
    [InlineData("loading", "running", "running", InstanceStatus.Booting)]
    [InlineData("running", "running", "running", InstanceStatus.Running)]
    [InlineData("exited", "stopped", "stopped", InstanceStatus.Stopped)]
    [InlineData("stopped", "running", "stopped", InstanceStatus.Stopped)]
    [InlineData("null", "stopped", "stopped", InstanceStatus.Stopped)]
    [InlineData("loading", "stopped", "stopped", InstanceStatus.Stopped)]
    [InlineData("created", "stopped", "stopped", InstanceStatus.Stopped)]
    [InlineData("frozen", "frozen", "running", InstanceStatus.Stopped)]
    [InlineData("exited", "running", "running", InstanceStatus.Booting)]
    [InlineData("offline", "running", "running", InstanceStatus.Unknown)]
    [InlineData("unknown", "running", "running", InstanceStatus.Unknown)]
    [InlineData("rebooting", "running", "running", InstanceStatus.Booting)]
    [InlineData("running", "running", "unloaded", InstanceStatus.Terminating)]
    [InlineData("a word of tomorrow", "running", "running", InstanceStatus.Unknown)]
    public async Task A_state_of_four_words_is_one_of_ours(string actual, string intended, string contract, InstanceStatus status)
    {
        using var desk = VastDesk.Of((List, 200, Page(Row(7, actual: actual, intended: intended, contract: contract))));

        Assert.Equal(status, Assert.Single(await desk.Provider.ListInstancesAsync(default)).Status);
    }

    /// <summary>The table of chapter 4.3; what it leaves open is billed.</summary>
    [Theory]
    [InlineData("null", "running", "running", BilledParts.DiskOnly)]
    [InlineData("created", "running", "running", BilledParts.DiskOnly)]
    [InlineData("loading", "running", "running", BilledParts.DiskOnly)]
    [InlineData("running", "running", "running", BilledParts.All)]
    [InlineData("running", "stopped", "running", BilledParts.All)]
    [InlineData("stopped", "running", "stopped", BilledParts.DiskOnly)]
    [InlineData("exited", "stopped", "stopped", BilledParts.DiskOnly)]
    [InlineData("exited", "running", "stopped", BilledParts.DiskOnly)]
    [InlineData("exited", "running", "running", BilledParts.All)]
    [InlineData("frozen", "frozen", "running", BilledParts.All)]
    [InlineData("rebooting", "running", "running", BilledParts.All)]
    [InlineData("recycling", "running", "running", BilledParts.All)]
    [InlineData("unknown", "running", "running", BilledParts.All)]
    [InlineData("offline", "running", "running", BilledParts.None)]
    [InlineData("a word of tomorrow", "running", "running", BilledParts.All)]
    public async Task A_state_says_what_is_billed(string actual, string intended, string contract, BilledParts billed)
    {
        using var desk = VastDesk.Of((List, 200, Page(Row(7, actual: actual, intended: intended, contract: contract))));

        Assert.Equal(billed, Assert.Single(await desk.Provider.ListInstancesAsync(default)).Billed);
    }

    /// <summary>The samples of chapter 4.5: the record goes on saying "loading" of what its host cannot start.</summary>
    [Theory]
    [InlineData("created", "Error response from daemon: failed to create task for container: OCI runtime create failed", InstanceStatus.Stopped)]
    [InlineData("loading", "Error response from daemon: manifest for example/img:nope not found: manifest unknown", InstanceStatus.Stopped)]
    [InlineData("loading", "pull access denied for example/img", InstanceStatus.Stopped)]
    [InlineData("loading", "#7 Building dependency tree...", InstanceStatus.Booting)]
    [InlineData("loading", "Successfully loaded example/img:latest", InstanceStatus.Booting)]
    [InlineData("running", "success, running example/img: its log has Error response from daemon", InstanceStatus.Running)]
    public async Task What_its_host_cannot_start_is_lost_at_once(string actual, string said, InstanceStatus status)
    {
        using var desk = VastDesk.Of((List, 200, Page(Row(7, actual: actual, more: $", \"status_msg\": \"{said}\""))));

        var listed = Assert.Single(await desk.Provider.ListInstancesAsync(default));

        Assert.Equal(status, listed.Status);
        Assert.EndsWith(said, listed.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_has_its_label_its_host_its_end_and_the_reason()
    {
        using var desk = VastDesk.Of((List, 200, Page(Row(45812277, "exited", "stopped", "stopped", more: """, "is_bid": true, "dph_base": 0.24, "min_bid": 0.3066666667, "status_msg": "one\n two\u001b[31m", "end_date": 1793332800.0"""))));

        var listed = Assert.Single(await desk.Provider.ListInstancesAsync(default));

        Assert.Equal(("45812277", "orc-e1-7-1", "vast/48213"), (listed.InstanceId, listed.Label, listed.Host));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1793332800), listed.Term!.Until);
        Assert.Equal("exited (wanted stopped, contract stopped); the lowest bid is now $0.3067/h, ours $0.24/h: one two [31m", listed.Words);
    }

    /// <summary>No end of its own: the platform starts it again, until the boot deadline is over. The reason is told meanwhile.</summary>
    [Fact]
    public async Task A_crash_loop_has_its_reason()
    {
        using var desk = VastDesk.Of((List, 200, Page(Row(7, "exited", "running", "running", more: """, "status_msg": "/bin/sh: not found" """))));

        Assert.Equal(
            "exited (wanted running, contract running), its process ended and is started again: a crash loop, or an image that cannot run there: /bin/sh: not found",
            Assert.Single(await desk.Provider.ListInstancesAsync(default)).Words);
    }

    [Fact]
    public async Task What_others_rented_is_no_business_of_ours()
    {
        using var desk = VastDesk.Of((List, 200, Page(Row(1, label: "null"), Row(2, label: "\"campaign-7/worker-03\""), Row(3, label: "\"\""), Row(4), """{"garbage": true}""")));

        Assert.Equal("4", Assert.Single(await desk.Provider.ListInstancesAsync(default)).InstanceId);
    }

    [Fact]
    public async Task All_pages_are_read()
    {
        using var desk = VastDesk.Of(
            (List, 200, Page([Row(1), Row(2)], total: 3, next: "a b&c")),
            (List, 200, Page([Row(2), Row(3)], total: 3)));

        Assert.Equal(["1", "2", "3"], (await desk.Provider.ListInstancesAsync(default)).Select(instance => instance.InstanceId));
        Assert.Contains("after_token=a%20b%26c", desk.Sent[1].Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, """{"success": true, "instances": null}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"success": true, "instances": [], "total_instances": 2}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"success": true, "instances": [{"label": "orc-e1-7-1"}]}""", ProviderErrorKind.Unknown)]
    [InlineData(200, "<html>maintenance</html>", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"success": false, "error": "x"}""", ProviderErrorKind.Unknown)]
    [InlineData(502, "<html>Bad Gateway</html>", ProviderErrorKind.Transient)]
    [InlineData(403, "<html>403 Forbidden</html>", ProviderErrorKind.RateLimited)]
    [InlineData(403, """{"success":false,"error":"auth_error","msg":"This action requires login."}""", ProviderErrorKind.Unauthorized)]
    [InlineData(404, """{"success":false,"error":"auth_error","msg":"Invalid user key"}""", ProviderErrorKind.Unauthorized)]
    [InlineData(410, """{"success":false,"error":"deprecated_endpoint","msg":"Use /api/v2/instances/ instead."}""", ProviderErrorKind.Gone)]
    [InlineData(502, "API requests too frequent, says the gateway", ProviderErrorKind.Transient)]
    [InlineData(429, "API requests too frequent: endpoint threshold=1.0", ProviderErrorKind.RateLimited)]
    [InlineData(400, """{"detail":"API requests too frequent endpoint threshold=5.5"}""", ProviderErrorKind.RateLimited)]
    [InlineData(400, """{"success":false,"error":"invalid_token","msg":"Invalid pagination token"}""", ProviderErrorKind.Rejected)]
    public async Task A_list_that_is_not_whole_is_none(int status, string body, ProviderErrorKind kind)
    {
        using var desk = VastDesk.Of((List, status, body));

        Assert.Equal(kind, (await VastDesk.FailsAsync(() => desk.Provider.ListInstancesAsync(default))).Kind);
    }

    [Fact]
    public async Task A_row_on_two_pages_does_not_hide_one_that_is_on_none()
    {
        using var desk = VastDesk.Of((List, 200, Page([Row(1), Row(2)], total: 4, next: "t")), (List, 200, Page([Row(2), Row(3)], total: 4)));

        Assert.Equal(ProviderErrorKind.Unknown, (await VastDesk.FailsAsync(() => desk.Provider.ListInstancesAsync(default))).Kind);
    }

    [Fact]
    public async Task What_others_rented_is_told_apart()
    {
        using var desk = VastDesk.Of((List, 200, Page(Row(1, label: "null", more: """, "dph_total": 0.31, "start_date": 1790000000"""), Row(2, label: "\"jupyter\""), Row(4))));

        var list = await desk.Provider.ListWhatAnswersAsync(default);

        Assert.Equal(["4"], list.Instances.Select(instance => instance.InstanceId));
        Assert.Equal([("1", ""), ("2", "jupyter")], list.Foreign.Select(instance => (instance.InstanceId, instance.Name)));
        Assert.Equal((Money.FromDollars(0.31m), DateTimeOffset.FromUnixTimeSeconds(1790000000)), (list.Foreign[0].PricePerHour, list.Foreign[0].Since));
    }

    [Fact]
    public async Task Pages_without_end_are_given_up()
    {
        using var desk = VastDesk.Of((List, 200, Page([Row(1)], total: 9, next: "again")));

        Assert.Contains("do not end", (await VastDesk.FailsAsync(() => desk.Provider.ListInstancesAsync(default))).Message, StringComparison.Ordinal);
    }

    private static string Row(int id, string actual = "running", string intended = "running", string contract = "running", string label = "\"orc-e1-7-1\"", string more = "") =>
        $$"""{"id": {{id}}, "machine_id": 48213, "label": {{label}}, "actual_status": {{(actual == "null" ? actual : $"\"{actual}\"")}}, "intended_status": "{{intended}}", "cur_state": "{{contract}}", "next_state": "{{contract}}"{{more}}}""";

    private static string Page(params string[] rows) => Page(rows, rows.Length);

    private static string Page(string[] rows, int total, string? next = null) =>
        $$"""{"success": true, "instances_found": {{rows.Length}}, "total_instances": {{total}}, "next_token": {{(next is null ? "null" : $"\"{next}\"")}}, "instances": [{{string.Join(',', rows)}}]}""";
}
