using System.Net;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.IntegrationTests.Support;
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
