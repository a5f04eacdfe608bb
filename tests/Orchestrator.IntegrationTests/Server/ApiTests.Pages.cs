using System.Collections.Immutable;
using System.Net;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Server.Api;
using Xunit;

namespace Orchestrator.IntegrationTests.Server;

/// <summary>The dashboard of the same server.</summary>
public sealed partial class ApiTests
{
    [Fact]
    public async Task The_pages_show_the_job_and_encode_what_it_says()
    {
        var job = await SubmitAsync(Spec);
        await using (var source = NpgsqlDataSource.Create(server.Services.GetRequiredService<Orchestrator.Engine.EngineOptions>().Connection))
        await using (var command = source.CreateCommand("update orchestrator.job_events set why = '<script>alert(1)</script>'"))
        {
            await command.ExecuteNonQueryAsync();
        }

        var list = await _client.GetStringAsync("/hangfire/training");
        var page = await _client.GetStringAsync($"/hangfire/training/{job.Id}");

        Assert.Contains($"/hangfire/training/{job.Id}\"", list, StringComparison.Ordinal);
        Assert.Contains("tiny #", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.True(page.Length < 100_000, $"{page.Length}");
    }

    /// <summary>However much there is to show: a page is renewed every few seconds, for every viewer.</summary>
    [Fact]
    public async Task A_page_asks_the_database_as_much_for_many_jobs_as_for_one()
    {
        var job = await RentedAsync("asked-0");
        var before = await CountsAsync(job);
        for (var number = 1; number <= 12; number++)
        {
            await RentedAsync($"asked-{number}");
        }

        var after = await CountsAsync(job);

        output.WriteLine($"1 rented job: {string.Join(", ", before)}; 13: {string.Join(", ", after)}");
        Assert.All(after, page => Assert.InRange(page.Value, 1, before[page.Key] + 1));
        Assert.InRange(after["hosts"], 1, 20);
        Assert.Contains("asked-12", await _client.GetStringAsync("/hangfire/hosts"), StringComparison.Ordinal);
    }

    /// <summary>To let it go on as it is would stop it again at once.</summary>
    [Fact]
    public async Task A_job_that_its_budget_stopped_is_offered_a_larger_one_in_place_of_a_resume()
    {
        var job = await RentedAsync("poor", at =>
        [
            new AttemptEnded(1, EndReason.BudgetExhausted, Money.FromDollars(5), false) { At = at, Why = "the budget is spent" },
            new VerdictReached(JobPhase.Paused) { At = at, Why = "the budget is spent: $5.00 of $5.00" },
            new JobPhaseChanged(JobPhase.Paused, null) { At = at, Why = "the budget is spent: $5.00 of $5.00" },
        ]);

        var page = await _client.GetStringAsync($"/hangfire/training/{job}");
        Assert.Contains("Its budget stops it. Raise it to", page, StringComparison.Ordinal);
        var offered = System.Text.RegularExpressions.Regex.Match(page, "name=\"budget\"[^>]* value=\"([0-9.]+)\"").Groups[1].Value;
        Assert.InRange(decimal.Parse(offered, System.Globalization.CultureInfo.InvariantCulture), 5.01m, 8m);
        Assert.DoesNotContain(">Resume<", page, StringComparison.Ordinal);
        Assert.Contains("Raise its budget", await _client.GetStringAsync("/hangfire/attention"), StringComparison.Ordinal);

        Assert.Contains("leaves too little to go on with", await FormAsync($"training/{job}", "resume", HttpStatusCode.Conflict), StringComparison.Ordinal);
        await FormAsync($"training/{job}", "resume", HttpStatusCode.SeeOther, offered);
        var asked = Assert.IsType<ResumeCommand>(Assert.Single((await server.Services.GetRequiredService<JobStore>().LoadAsync(new JobId(job), default)).Inbox));
        Assert.Equal(Money.FromDollars(decimal.Parse(offered, System.Globalization.CultureInfo.InvariantCulture)), asked.MaxTotal);
    }

    private async Task<Dictionary<string, int>> CountsAsync(long job)
    {
        var counts = new Dictionary<string, int>();
        foreach (var (name, path) in ((string, string)[])[("now", "now"), ("jobs", "training"), ("job", $"training/{job}"), ("hosts", "hosts"), ("money", "money"), ("attention", "attention")])
        {
            using var asked = new QueryCount();
            Assert.Contains("<main", await _client.GetStringAsync("/hangfire/" + path), StringComparison.Ordinal);
            counts[name] = asked.Count;
        }

        using var found = new QueryCount();
        await DetailsAsync(new(job, ""));
        counts["one job's details"] = found.Count;
        return counts;
    }

    /// <summary>A job with an instance, as ticks would have written it; it is held, so that none of them says otherwise.</summary>
    private async Task<long> RentedAsync(string name, Func<DateTimeOffset, ImmutableArray<JobEvent>>? then = null)
    {
        var jobs = server.Services.GetRequiredService<JobStore>();
        var spec = new StoredSpec { Spec = new JobSpec { Name = name } };
        var job = await jobs.SubmitAsync(new NewJob { Name = name, Owner = "ada", SpecYaml = "", SpecJson = spec.ToJson(), Terms = new JobTerms { MaxTotal = Money.FromDollars(5) }, Epoch = StoreDatabase.Epoch }, default);
        var lease = (await jobs.TryLeaseAsync(job, "a test", TimeSpan.FromHours(1), default))!;
        var state = (await jobs.LoadAsync(job, default)).State;
        ImmutableArray<JobEvent> events = [.. StoreDatabase.Planned(job, lease.Now), .. StoreDatabase.Found(lease.Now), .. then?.Invoke(lease.Now) ?? []];
        Assert.Equal(AppendResult.Committed, await jobs.AppendAsync(lease, state, events.Aggregate(state, Kernel.Apply), events, null, [], default));
        return job.Value;
    }

    [Fact]
    public async Task Hangfires_pages_name_the_job_and_deleting_its_wake_ups_changes_nothing()
    {
        var job = await SubmitAsync(Spec);
        var ticks = server.Services.GetRequiredService<JobStorage>().GetMonitoringApi();
        await Eventually.TrueAsync(() => ticks.SucceededJobs(0, 50).Any(entry => entry.Value.Job is { Args: [long id, ..] } && id == job.Id), "a tick has run");

        var page = await _client.GetStringAsync("/hangfire/jobs/succeeded");
        var client = server.Services.GetRequiredService<IBackgroundJobClient>();
        foreach (var (id, _) in ticks.SucceededJobs(0, 50))
        {
            client.Delete(id);
            client.Requeue(id);
        }

        foreach (var (id, _) in ticks.ScheduledJobs(0, 50))
        {
            client.Delete(id);
        }

        Assert.Contains($"tiny #{job.Id}: look and decide", page, StringComparison.Ordinal);
        Assert.Contains("Wake-ups", page, StringComparison.Ordinal);
        var details = await DetailsAsync(job);
        Assert.False(Words.IsEnded(details.State), details.State);
        // It still obeys: the wake-ups that were deleted were not the job.
        using var cancelled = await _client.PostAsync($"/api/v1/jobs/{job.Id}/cancel", null);
        await Eventually.TrueAsync(() => DetailsAsync(job).GetAwaiter().GetResult().State == "cancelled", "the job is cancelled");
    }

    [Fact]
    public async Task An_open_page_is_told_that_something_has_changed_and_nothing_more()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var reply = await _client.GetAsync("/training/changes", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        using var lines = new StreamReader(await reply.Content.ReadAsStreamAsync(limit.Token));
        Assert.Equal("text/event-stream", reply.Content.Headers.ContentType!.MediaType);
        Assert.Equal("retry: 3000|: open|", await ThreeAsync());

        await SubmitAsync(Spec);

        Assert.Equal("event: changed|data: 1|", await ThreeAsync());

        async Task<string> ThreeAsync() => $"{await lines.ReadLineAsync(limit.Token)}|{await lines.ReadLineAsync(limit.Token)}|{await lines.ReadLineAsync(limit.Token)}";
    }
}
