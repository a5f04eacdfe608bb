using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Engine.Recurring;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Server.Api;
using Orchestrator.Server.Cli;
using Xunit;

namespace Orchestrator.IntegrationTests.Server;

/// <summary>Specs with <c>schedule.cron</c>, on a whole server. Their instants are New Years: none comes by itself while a test runs.</summary>
[Collection(PostgresCollection.Name)]
public sealed class SeriesTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly ServerFixture _server = new(postgres);
    private HttpClient _client = null!;

    private SeriesStore Series => _server.Services.GetRequiredService<SeriesStore>();

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _client = _server.Client(_server.Token);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task After_years_without_a_server_one_run_is_made_up_for_and_the_next_is_skipped_while_it_lives()
    {
        var id = await SubmitAsync("yearly");
        Assert.Empty(await Series.FiringsAsync(id, default));

        await DueAsync(id, 3);
        var firing = await SettledAsync(id, 1);
        var (job, year) = (firing.Job!.Value, DateTimeOffset.UtcNow.Year);
        Assert.Equal((year, 1, 1), (firing.At.Year, firing.At.Month, firing.At.Day));
        Assert.Contains("were missed", firing.Why, StringComparison.Ordinal);
        Assert.Equal(year + 1, (await Series.FindAsync(id, default))!.DueAt.Year);

        // That instant again, as if it were the next.
        await ExecuteAsync("delete from orchestrator.firings");
        await DueAsync(id, 0);
        var skipped = await SettledAsync(id, 1);
        Assert.Null(skipped.Job);
        Assert.Contains($"skipped, since #{job} has not ended", skipped.Why, StringComparison.Ordinal);
        await AlertsAsync($"skipped, since #{job}", told: true);

        // People see both, and the job says whose run it is.
        Assert.Contains($"{id} yearly · 0 0 1 1 * (UTC) · next", (await CliAsync("jobs")).Out, StringComparison.Ordinal);
        Assert.Contains($"a run of {id}, next", (await CliAsync("show", "yearly")).Out, StringComparison.Ordinal);
        Assert.Contains("skipped", (await CliAsync("show", id.ToString())).Out, StringComparison.Ordinal);

        // Each is ended by itself.
        Assert.Contains($"orchestrator cancel {id} stops them", (await CliAsync("cancel", "yearly")).Out, StringComparison.Ordinal);
        Assert.Contains("no further run is submitted", (await CliAsync("cancel", id.ToString())).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Policy, (await CliAsync("cancel", id.ToString())).Code);
        Assert.DoesNotContain(id.ToString(), (await CliAsync("jobs")).Out, StringComparison.Ordinal);
        await AlertsAsync("skipped", told: false);
    }

    [Fact]
    public async Task A_run_that_cannot_be_submitted_is_told_and_tried_again()
    {
        await _client.PutAsJsonAsync("/api/v1/secrets/token", new SecretValue("s3cret"), ApiJson.Options);
        var id = await SubmitAsync("secretive", "secrets: {TOKEN: token}\n");
        await ExecuteAsync("delete from orchestrator.secrets");

        await DueAsync(id, 0);
        await Poll.UntilAsync(async () => (await Series.FindAsync(id, default))!.Trouble is not null, "the trouble is told");
        Assert.Contains("there is no secret \"token\"", (await Series.FindAsync(id, default))!.Trouble, StringComparison.Ordinal);
        await AlertsAsync("cannot be submitted", told: true);
        Assert.Empty(await Series.FiringsAsync(id, default));

        await _client.PutAsJsonAsync("/api/v1/secrets/token", new SecretValue("s3cret"), ApiJson.Options);
        await ExecuteAsync("update orchestrator.series set lease_until = null");
        Assert.NotNull((await SettledAsync(id, 1)).Job);
        Assert.Null((await Series.FindAsync(id, default))!.Trouble);
        await AlertsAsync("cannot be submitted", told: false);
    }

    [Fact]
    public async Task One_name_is_one_series_and_before_its_first_run_it_says_which()
    {
        var id = await SubmitAsync("twice");

        using var again = await PostAsync("twice", "");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.StatusCode);
        Assert.Contains($"{id} of this name has runs already", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains($"it is {id}", (await CliAsync("show", "twice")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_validated_planned_and_submitted_like_a_job()
    {
        var file = Path.Combine(_server.DataFolder, "plain.yaml");
        await File.WriteAllTextAsync(file, Yaml("plain", ""));

        Assert.Matches("plain.yaml: runs at .*00:00, 1 Jan [0-9]{4} 00:00, 1 Jan [0-9]{4} 00:00 ", (await CliAsync("validate", file)).Out);
        Assert.Contains("as its schedule says", (await CliAsync("plan", file)).Out, StringComparison.Ordinal);
        Assert.Contains("its first run is due", (await CliAsync("run", file)).Out, StringComparison.Ordinal);
    }

    private async Task<SeriesId> SubmitAsync(string name, string lines = "")
    {
        using var response = await PostAsync(name, lines);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        var reply = JsonSerializer.Deserialize<SubmitReply>(text, ApiJson.Options)!;
        Assert.Null(reply.Job);
        Assert.Equal((name, 1, 1), (reply.Series!.Name, reply.Series.Next!.Value.Month, reply.Series.Next.Value.Day));
        Assert.True(SeriesId.TryParse(reply.Series.Id, out var id));
        return id;
    }

    private Task<HttpResponseMessage> PostAsync(string name, string lines) => _client.PostAsJsonAsync(
        "/api/v1/jobs",
        new Orchestrator.Server.Api.SubmitRequest
        {
            Yaml = Yaml(name, lines),
            FileName = "job.yaml",
            Folder = _server.DataFolder,
        },
        ApiJson.Options);

    /// <summary>Its runs live on, waiting for a card that is nowhere: nothing begins that would outlive the server of the test.</summary>
    private static string Yaml(string name, string lines) =>
        $"name: {name}\nrun: sleep 3600\nresources: {{gpu: \"H100:64\"}}\ncheckpoints: none\nproviders: [local]\nschedule: {{cron: 0 0 1 1 *}}\n{lines}";

    /// <summary>As if the server had been away since that New Year.</summary>
    private Task DueAsync(SeriesId id, int yearsAgo) => ExecuteAsync(
        FormattableString.Invariant($"update orchestrator.series set lease_until = null, due_at = timestamptz '{DateTimeOffset.UtcNow.Year - yearsAgo}-01-01 00:00 UTC' where id = {id.Value}"));

    private async Task<FiringView> SettledAsync(SeriesId id, int count)
    {
        await Poll.UntilAsync(async () => (await Series.FiringsAsync(id, default)).Count == count, "the instant is settled");
        return (await Series.FiringsAsync(id, default))[0];
    }

    /// <summary>What is settled is told a moment later.</summary>
    private Task AlertsAsync(string words, bool told) => Poll.UntilAsync(
        async () => (await _server.Services.GetRequiredService<AlertStore>().ListAsync(resolved: false, default)).Any(alert => alert.Text.Contains(words, StringComparison.Ordinal)) == told,
        $"an alert says \"{words}\": {told}");

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _server.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<(int Code, string Out, string Error)> CliAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync([.. arguments, "--data", _server.DataFolder, "--server", _server.Url.ToString()], new Terminal(output, error, TextReader.Null, false, false, 200));
        return (code, output.ToString(), error.ToString());
    }
}
