using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Server.Api;
using Orchestrator.Server.Cli;
using Xunit;
using Xunit.Abstractions;

namespace Orchestrator.IntegrationTests.Server;

/// <summary>The API, the command line and the pages over the real engine. Its local provider has no agent: jobs are accepted and never train.</summary>
[Collection(PostgresCollection.Name)]
public sealed partial class ApiTests(ServerFixture server, ITestOutputHelper output) : IClassFixture<ServerFixture>, IDisposable
{
    private const string Spec = "name: tiny\nrun: echo hello\nresources: {gpu: none, cpu: 4000}\ncheckpoints: none\n";
    private readonly HttpClient _client = server.Client(server.Token);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_bad_spec_is_refused_with_every_problem_placed()
    {
        using var response = await _client.PostAsJsonAsync("/api/v1/jobs", Request("run: 1\nnonsense: 1\n"), ApiJson.Options);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var reply = await response.Content.ReadFromJsonAsync<ErrorReply>(ApiJson.Options);
        Assert.Contains(reply!.Problems!.Value, problem => problem.Text.StartsWith("job.yaml:2:1:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_only_the_server_can_know_is_told_at_its_line_too()
    {
        using var response = await _client.PostAsJsonAsync("/api/v1/jobs", Request(Spec + "secrets: {TOKEN: nobody-stored-this}\n"), ApiJson.Options);

        var reply = await response.Content.ReadFromJsonAsync<ErrorReply>(ApiJson.Options);
        Assert.StartsWith("job.yaml:5:", Assert.Single(reply!.Problems!.Value, problem => problem.Severity == "error").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_json_is_refused_in_one_line()
    {
        using var response = await _client.PostAsync("/api/v1/jobs", new StringContent("{", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty((await response.Content.ReadFromJsonAsync<ErrorReply>(ApiJson.Options))!.Error);
    }

    [Theory]
    [InlineData("""{"yaml":"run: echo 1\nresources: {gpu: none}\ncheckpoints: none\n","fileName":"job.yaml","folder":"/tmp","timeZone":"UTC","sets":[null]}""", 422)]
    [InlineData("""{"yaml":"run: echo 1\nresources: {gpu: none}\ncheckpoints: none\n","fileName":"job.yaml","folder":"/tmp","timeZone":"UTC","sets":["x"]}""", 422)]
    [InlineData("""{"yaml":"run: echo 1\u0000","fileName":"a\u001b[31m.yaml","folder":"/tmp","timeZone":"Mars/Phobos"}""", 422)]
    [InlineData("""{"yaml":null,"fileName":null,"folder":null}""", 422)]
    [InlineData("null", 400)]
    [InlineData("[]", 400)]
    public async Task A_hostile_submit_is_refused_in_plain_words(string body, int status)
    {
        using var response = await _client.PostAsync("/api/v1/jobs", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(status, (int)response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<ErrorReply>(ApiJson.Options))!.Error;
        Assert.NotEmpty(error);
        Assert.DoesNotContain("parameter \"", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Implicit", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs/a%00b", 400)]
    [InlineData("jobs/..%2f..%2fetc", 404)]
    [InlineData("jobs?label=", 422)]
    [InlineData("jobs?label=%00", 422)]
    [InlineData("jobs?since=banana", 400)]
    [InlineData("report?from=banana", 400)]
    [InlineData("report?zone=Mars/Phobos", 422)]
    [InlineData("jobs?all=perhaps", 400)]
    public async Task Odd_paths_and_parameters_are_refused(string path, int status)
    {
        using var response = await _client.GetAsync("/api/v1/" + path);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task No_file_outside_the_job_is_handed_out()
    {
        var job = await SubmitAsync(Spec);
        foreach (var key in (string[])["../../token", "..%2f..%2ftoken", "/etc/passwd", "%00", "", "jobs/../token", new string('a', 5_000)])
        {
            using var response = await _client.GetAsync($"/api/v1/jobs/{job.Id}/files?key={key}");

            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Every_read_verb_prints_one_json_document()
    {
        var job = "#" + (await SubmitAsync(Spec)).Id;
        string[][] verbs =
        [
            ["jobs"], ["jobs", "--all"], ["jobs", "--since", "1h"], ["jobs", "--label", "team=none"], ["show", job], ["logs", job], ["events", job], ["checkpoints", job], ["offers"], ["market"], ["hosts"], ["alerts"], ["alerts", "--all"],
            ["secret", "list"], ["server", "token", "list"], ["server", "link"], ["server", "token", "create", "--role", "viewer", "--expires", "1h", "--name", "json"], ["server", "token", "revoke", "json"], ["replay", job], ["doctor"], ["login"], ["version"], ["schema"], ["top"], ["report"], ["report", "weekend", "--from", "3d", "--to", "1h"], ["report", "--data-residency", job],
        ];
        foreach (var verb in verbs)
        {
            var (_, output, errors) = await CliAsync([.. verb, "--json"]);

            Assert.True(IsJson(output), $"{string.Join(' ', verb)}: {output}{errors}");
        }
    }

    [Fact]
    public async Task An_alert_that_is_information_can_be_dismissed_and_one_about_money_cannot()
    {
        var alerts = server.Services.GetRequiredService<AlertStore>();
        await alerts.RaiseAsync("network", "some-machine", "nobody answered there", default);
        await alerts.RaiseAsync("orphan", "some-label", "it costs", default);
        var open = await alerts.ListAsync(resolved: false, default);
        var seen = open.Single(alert => alert.Subject == "some-machine").Id;
        var costs = open.Single(alert => alert.Subject == "some-label").Id;

        Assert.Contains($"{seen} network: nobody answered there", (await CliAsync("doctor", "--json")).Out, StringComparison.Ordinal);
        var (code, output, errors) = await CliAsync("alerts", "dismiss", $"{seen}");
        Assert.True(code == 0 && output.StartsWith($"alert {seen} (network) was dismissed by ", StringComparison.Ordinal), output + errors);
        var (refused, _, why) = await CliAsync("alerts", "dismiss", $"{costs}");
        Assert.NotEqual(0, refused);
        Assert.Contains("stays until it is mended", why, StringComparison.Ordinal);
        Assert.NotEqual(0, (await CliAsync("alerts", "dismiss", "1000000")).Code);

        var left = (await CliAsync("alerts", "--json")).Out;
        Assert.DoesNotContain("nobody answered there", left, StringComparison.Ordinal);
        Assert.Contains("it costs", left, StringComparison.Ordinal);
        Assert.Contains("nobody answered there", (await CliAsync("alerts", "--all", "--json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_are_found_by_label_and_by_the_time_they_were_submitted()
    {
        var job = await SubmitAsync("name: labelled\nrun: echo hello\nresources: {gpu: none, cpu: 4000}\ncheckpoints: none\nlabels: {team: nlp}\n");
        var found = await ListAsync("jobs", "--label", "team=nlp", "--since", "1h");
        var byKey = await ListAsync("jobs", "--label", "team");
        var other = await ListAsync("jobs", "--label", "team=vision");
        var later = await ListAsync("jobs", "--since", "0s");

        Assert.Contains(job.Id, found.Jobs.Select(one => one.Id));
        Assert.Contains(job.Id, byKey.Jobs.Select(one => one.Id));
        Assert.DoesNotContain(job.Id, other.Jobs.Select(one => one.Id));
        Assert.DoesNotContain(job.Id, later.Jobs.Select(one => one.Id));
    }

    [Fact]
    public async Task Leaks_are_a_number_only_after_the_providers_were_listed()
    {
        await Eventually.TrueAsync(() => ListAsync("jobs").GetAwaiter().GetResult().Leaks == 0, "a sweep has compared the providers with the books");

        Assert.NotNull((await ListAsync("jobs")).LeaksCheckedAt);
    }

    [Fact]
    public async Task A_job_can_be_found_listed_told_and_cancelled()
    {
        var job = await SubmitAsync(Spec);
        var (code, shown, _) = await CliAsync("show", "#" + job.Id, "--json");
        var (_, list, _) = await CliAsync("jobs");
        using var cancelled = await _client.PostAsync($"/api/v1/jobs/{job.Id}/cancel", null);
        await Eventually.TrueAsync(() => DetailsAsync(job).GetAwaiter().GetResult().State == "cancelled", "the job is cancelled");
        using var again = await _client.PostAsync($"/api/v1/jobs/{job.Id}/cancel", null);
        var (_, events, _) = await CliAsync("events", "#" + job.Id);
        var (replayCode, replay, _) = await CliAsync("replay", "#" + job.Id);

        Assert.Equal(0, code);
        Assert.All((string[])["\"state\"", "\"reason\"", "\"attempts\"", "\"interruptions\"", "\"resumedAtStep\"", "\"progress\"", "\"cost\"", "\"lastCheckpoint\"", "\"budget\""], field => Assert.Contains(field, shown, StringComparison.Ordinal));
        Assert.Contains("tiny", list, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Contains("job-submitted", events, StringComparison.Ordinal);
        Assert.Equal(0, replayCode);
        Assert.Contains("0 differences", replay, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "show", "no-such-job")]
    [InlineData(2, "logs", "999")]
    [InlineData(2, "fetch", "no-such-job", "--to", "x")]
    [InlineData(2, "secret", "remove", "none")]
    [InlineData(2, "report", "--data-residency", "no-such-job")]
    [InlineData(2, "report", "weekend", "--from", "1h", "--to", "2h")]
    [InlineData(0, "report", "weekend")]
    [InlineData(0, "top", "--once")]
    [InlineData(0, "offers")]
    [InlineData(0, "secret", "list", "--json")]
    public async Task Verbs_end_with_the_documented_codes(int code, params string[] arguments)
    {
        Assert.Equal(code, (await CliAsync(arguments)).Code);
    }

    [Fact]
    public async Task A_wrong_token_ends_with_code_3()
    {
        var folder = Directory.CreateTempSubdirectory("orc-cli-").FullName;
        Orchestrator.Engine.Security.ApiToken.LoadOrCreate(Path.Combine(folder, "token"));

        Assert.Equal(3, (await CliAsync("jobs", "--data", folder)).Code);

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_secret_goes_in_from_standard_input_and_never_comes_out()
    {
        const string value = "hf_very-secret-value";

        var (code, _, error) = await CliAsync(new StringReader(value + "\n"), "secret", "set", "hf");
        var (_, list, _) = await CliAsync("secret", "list");
        var (_, json, _) = await CliAsync("secret", "list", "--json");

        Assert.True(code == 0, error);
        Assert.Contains("hf", list, StringComparison.Ordinal);
        Assert.DoesNotContain(value, list + json, StringComparison.Ordinal);
        await using var source = NpgsqlDataSource.Create(server.Services.GetRequiredService<Orchestrator.Engine.EngineOptions>().Connection);
        await using var command = source.CreateCommand("select ciphertext from orchestrator.secrets where name = 'hf'");
        Assert.DoesNotContain(value, (string)(await command.ExecuteScalarAsync())!, StringComparison.Ordinal);
    }

    private async Task<JobRef> SubmitAsync(string yaml)
    {
        using var response = await _client.PostAsJsonAsync("/api/v1/jobs", Request(yaml), ApiJson.Options);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return System.Text.Json.JsonSerializer.Deserialize<SubmitReply>(text, ApiJson.Options)!.Job!;
    }

    private async Task<JobDetails> DetailsAsync(JobRef job) => (await _client.GetFromJsonAsync<JobDetails>($"/api/v1/jobs/{job.Id}", ApiJson.Options))!;

    private SubmitRequest Request(string yaml) => new() { Yaml = yaml, FileName = "job.yaml", Folder = server.DataFolder };

    private Task<(int Code, string Out, string Error)> CliAsync(params string[] arguments) => CliAsync(TextReader.Null, arguments);

    private async Task<(int Code, string Out, string Error)> CliAsync(TextReader input, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync([.. arguments, .. arguments.Contains("--data") ? [] : (string[])["--data", server.DataFolder], "--server", server.Url.ToString()], new Terminal(output, error, input, false, false, 120));
        return (code, output.ToString(), error.ToString());
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(text);
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    private async Task<JobList> ListAsync(params string[] arguments) =>
        System.Text.Json.JsonSerializer.Deserialize<JobList>((await CliAsync([.. arguments, "--json"])).Item2, ApiJson.Options)!;
}
