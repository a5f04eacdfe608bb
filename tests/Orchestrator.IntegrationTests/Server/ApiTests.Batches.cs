using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Batches;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Server.Api;
using Orchestrator.Server.Cli;
using Xunit;

namespace Orchestrator.IntegrationTests.Server;

/// <summary>Batches over the same server. No machine fits them: their jobs stand in line.</summary>
public sealed partial class ApiTests
{
    private const string Sweep =
        """
        name: sweep
        run: echo hello
        resources: {gpu: none, cpu: 4000}
        checkpoints: none
        deadline: 2099-01-01T00:00+00:00
        batch: {name: sweep, budget: $10}
        strategy: {max-parallel: 1, matrix: {lr: [1e-3, "<b>x</b>"], seed: [1, 2]}}
        """;

    [Fact]
    public async Task A_batch_is_submitted_shown_paused_resumed_given_more_money_and_cancelled_as_one()
    {
        using var submitted = await _client.PostAsJsonAsync("/api/v1/jobs", Request(Sweep), ApiJson.Options);
        Assert.Equal(new BatchRef("sweep", 4), (await submitted.Content.ReadFromJsonAsync<SubmitReply>(ApiJson.Options))!.Batch);
        var batch = await BatchAsync();
        Assert.Equal((4, 10m, 0m, 10m, 1), (batch.Jobs.Length, batch.Budget, batch.Held, batch.Free, batch.MaxParallel));
        Assert.Equal(["lr=1e-3,seed=1", "lr=1e-3,seed=2", "lr=<b>x</b>,seed=1", "lr=<b>x</b>,seed=2"], batch.Jobs.Select(one => one.Job.Batch!.Cell!));

        var lines = await CliAsync("batch", "sweep", "--sort", "matrix.seed", "--desc");
        Assert.Contains("sweep · 4 jobs: 4 waiting · $0.00 of $10.00 · 1 at one time", lines.Out, StringComparison.Ordinal);
        Assert.Contains("sweep  4", (await CliAsync("jobs")).Out, StringComparison.Ordinal);
        Assert.Equal(batch.Id, System.Text.Json.JsonSerializer.Deserialize<BatchDetails>((await CliAsync("batch", $"#{batch.Id}", "--json")).Out, ApiJson.Options)!.Id);
        Assert.Contains("--sort takes number, cost, state", (await CliAsync("batch", "sweep", "--sort", "nonsense")).Error, StringComparison.Ordinal);
        Assert.Equal((ExitCodes.Usage, ExitCodes.Usage), ((await CliAsync("batch", "none")).Code, (await CliAsync("batch", "#999999")).Code));
        using var twice = await _client.PostAsJsonAsync("/api/v1/jobs", Request(Sweep), ApiJson.Options);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, twice.StatusCode);

        // Over the forms of its page, as a browser sends them.
        await FormAsync($"batches/{batch.Id}", "budget", HttpStatusCode.SeeOther, "7.50");
        Assert.Equal(7.5m, (await BatchAsync()).Budget);
        Assert.Contains("is not an amount", await FormAsync($"batches/{batch.Id}", "budget", HttpStatusCode.UnprocessableEntity, "much"), StringComparison.Ordinal);
        await FormAsync($"batches/{batch.Id}", "nonsense", HttpStatusCode.NotFound);
        await FormAsync($"batches/{batch.Id}", "pause", HttpStatusCode.SeeOther);
        await EventuallyAllAsync("paused");
        Assert.Contains("no job of batch sweep can be paused", await FormAsync($"batches/{batch.Id}", "pause", HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Equal((ExitCodes.Done, "sweep: 4 of 4 jobs are being resumed; they go on in turn\n"), await CliAsync("batch", "sweep", "--resume") is var resumed ? (resumed.Code, resumed.Out) : default);
        await EventuallyAllAsync("waiting");
        Assert.Contains("its budget is $20.00 now, $7.50 before", (await CliAsync("batch", "sweep", "--budget", "$20")).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, (await CliAsync("batch", "sweep", "--budget", "20", "--pause")).Code);

        Assert.Contains("4 of 4 jobs are being cancelled", (await CliAsync("batch", "sweep", "--cancel")).Out, StringComparison.Ordinal);
        await EventuallyAllAsync("cancelled");
        Assert.NotNull((await BatchAsync()).EndedAt);
        Assert.Equal(ExitCodes.Policy, (await CliAsync("batch", "sweep", "--cancel")).Code);
    }

    [Fact]
    public async Task A_large_batch_is_shown_in_pages_of_bounded_size_and_what_it_says_is_text()
    {
        const int count = 1_000;
        var older = await SubmitAsync(Spec);
        var (jobs, _) = await server.Services.GetRequiredService<BatchStore>().SubmitAsync(
            new("ada", new BatchRules { Name = "large", Budget = Money.FromDollars(60), Canary = 1 }, [.. Enumerable.Range(1, count).Select(number => new NewJob
            {
                Name = $"large-{number}",
                Owner = "ada",
                SpecYaml = "",
                SpecJson = new StoredSpec { Spec = new JobSpec { Name = $"large-{number}" } }.ToJson(),
                Terms = new JobTerms { MaxTotal = Money.Zero, Batch = new BatchTerms("large", true, null) },
                Cell = $"lr={(number == 7 ? "<script>alert(1)</script>" : $"{number}e-6")},seed={number % 10}",
                Epoch = StoreDatabase.Epoch,
            })]),
            default);
        // No tick is to come between.
        await ChangeLargeAsync("due_at = null");

        var list = await _client.GetStringAsync("/hangfire/training");
        var now = await _client.GetStringAsync("/hangfire/now");
        var address = System.Text.RegularExpressions.Regex.Match(list, "/hangfire/batches/[0-9]+\">large &#xD7; 1,000").Value.Split('"')[0];
        var first = await _client.GetStringAsync(address);
        var last = await _client.GetStringAsync(address + "?sort=matrix.lr&desc=1&page=1");
        var far = await _client.GetStringAsync(address + "?sort=number&desc=0&page=99999");

        output.WriteLine($"jobs {list.Length}, now {now.Length}, batch {first.Length}");
        Assert.Contains($"{address}\"", now, StringComparison.Ordinal);
        Assert.All((string[])[list, now, first, last, far], page => Assert.InRange(page.Length, 1_000, 70_000));
        Assert.Contains($"/hangfire/training/{jobs[49].Value}\"", first, StringComparison.Ordinal);
        Assert.DoesNotContain($"/hangfire/training/{jobs[50].Value}\"", first, StringComparison.Ordinal);
        Assert.Contains($"/hangfire/training/{jobs[count - 1].Value}\"", far, StringComparison.Ordinal);
        Assert.Contains("aria-sort=\"descending\"", last, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", last, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", last, StringComparison.Ordinal);
        Assert.Contains("place 1 in line", first, StringComparison.Ordinal);
        Assert.Contains("large-1 is next", first, StringComparison.Ordinal);
        Assert.Contains("There is no such batch", await _client.GetStringAsync("/hangfire/batches/999999"), StringComparison.Ordinal);

        // What lives is not cut off, however many were submitted after it.
        Assert.Contains(older.Id, (await ListAsync("jobs")).Jobs.Select(one => one.Id));
        await ChangeLargeAsync("ended_at = now() - interval '10 days'");
    }

    private async Task ChangeLargeAsync(string how)
    {
        await using var source = NpgsqlDataSource.Create(server.Services.GetRequiredService<Orchestrator.Engine.EngineOptions>().Connection);
        await using var command = source.CreateCommand($"update orchestrator.jobs set {how} where batch_id = (select id from orchestrator.batches where name = 'large')");
        await command.ExecuteNonQueryAsync();
    }

    private async Task<BatchDetails> BatchAsync() => (await _client.GetFromJsonAsync<BatchDetails>("/api/v1/batches/sweep", ApiJson.Options))!;

    private Task EventuallyAllAsync(string state) => Eventually.TrueAsync(() => BatchAsync().GetAwaiter().GetResult().Jobs.All(one => one.Job.State == state), $"all are {state}");

    /// <summary>What the button of a page sends.</summary>
    /// <param name="page">The page's address, without what comes before all of them.</param>
    /// <param name="command">On the button.</param>
    /// <param name="expected">The answer; 303 leads back to the page.</param>
    /// <param name="budget">What was typed; null = there is no such field.</param>
    private async Task<string> FormAsync(string page, string command, HttpStatusCode expected, string? budget = null)
    {
        using var form = new FormUrlEncodedContent(budget is null ? [] : [KeyValuePair.Create("budget", budget)]);
        using var reply = await _client.PostAsync(page.StartsWith("training", StringComparison.Ordinal) ? $"/{page}/{command}" : $"/training/{page}/{command}", form);
        Assert.Equal(expected, reply.StatusCode);
        Assert.Equal(expected == HttpStatusCode.SeeOther ? $"/hangfire/{page}" : null, reply.Headers.Location?.ToString());
        return await reply.Content.ReadAsStringAsync();
    }
}
