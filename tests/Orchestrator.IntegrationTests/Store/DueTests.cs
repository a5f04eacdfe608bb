using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class DueTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task A_new_job_is_due_at_once()
    {
        var job = await database.SubmitAsync();

        Assert.Contains(job, await database.Jobs.DueJobsAsync(1000, default));
    }

    [Fact]
    public async Task The_holder_postpones_a_job_and_an_inbox_row_makes_it_due_again()
    {
        var job = await database.SubmitAsync();
        var lease = await database.LeaseAsync(job);
        var later = lease.Now + TimeSpan.FromHours(1);

        Assert.Equal(later, await database.Jobs.ReleaseAsync(lease, later, default));
        Assert.DoesNotContain(job, await database.Jobs.DueJobsAsync(1000, default));

        var row = await database.Jobs.AddInboxAsync(job, new CancelCommand("ada"), default);

        Assert.Contains(job, await database.Jobs.DueJobsAsync(1000, default));
        Assert.Equal(new CancelCommand("ada") { Id = row }, Assert.Single((await database.Jobs.LoadAsync(job, default)).Inbox));
    }

    [Fact]
    public async Task What_arrives_while_a_tick_runs_is_not_postponed_by_its_release()
    {
        var job = await database.SubmitAsync();
        var lease = await database.LeaseAsync(job);
        await database.Jobs.AddInboxAsync(job, new CancelCommand("ada"), default);

        var due = await database.Jobs.ReleaseAsync(lease, lease.Now + TimeSpan.FromHours(1), default);

        Assert.True(due <= await database.Jobs.NowAsync(default));
        Assert.Contains(job, await database.Jobs.DueJobsAsync(1000, default));
    }

    [Fact]
    public async Task A_crash_between_commit_and_release_leaves_the_job_due_once_the_lease_has_run_out()
    {
        var job = await database.SubmitAsync();
        var first = await database.LeaseAsync(job);
        await database.Jobs.ReleaseAsync(first, first.Now + TimeSpan.FromHours(1), default);

        var crashed = await database.LeaseAsync(job);
        Assert.True(await database.AppendAsync(crashed, StoreDatabase.Planned(job, crashed.Now)));
        await database.ExpireAsync(job);

        Assert.Contains(job, await database.Jobs.DueJobsAsync(1000, default));
    }

    [Fact]
    public async Task Handled_rows_are_delivered_no_more_and_others_stay()
    {
        var job = await database.SubmitAsync();
        var handled = await database.Jobs.AddInboxAsync(job, new PauseCommand("ada"), default);
        var waiting = await database.Jobs.AddInboxAsync(job, new ResumeCommand("ada", Money.FromDollars(9)), default);
        var lease = await database.LeaseAsync(job);

        Assert.True(await database.AppendAsync(lease, [], [handled]));

        var left = Assert.Single((await database.Jobs.LoadAsync(job, default)).Inbox);
        Assert.Equal(waiting, left.Id);
        Assert.Equal(Money.FromDollars(9), Assert.IsType<ResumeCommand>(left).MaxTotal);
    }

    [Fact]
    public async Task A_fenced_append_leaves_the_inbox_alone()
    {
        var job = await database.SubmitAsync();
        var row = await database.Jobs.AddInboxAsync(job, new PauseCommand("ada"), default);
        var lease = await database.LeaseAsync(job);
        await database.ExpireAsync(job);

        Assert.False(await database.AppendAsync(lease, [], [row]));

        Assert.Single((await database.Jobs.LoadAsync(job, default)).Inbox);
    }

    [Fact]
    public async Task A_job_is_found_by_number_and_by_name_and_an_ended_one_shadows_no_live_one()
    {
        var older = await database.SubmitAsync("twice");
        var newer = await database.SubmitAsync("twice");

        Assert.Equal<JobId>([older, newer], await database.Jobs.ResolveAsync("twice", default));
        foreach (var number in (string[])[$"{older.Value}", $"#{older.Value}", $"twice#{older.Value}"])
        {
            Assert.Equal<JobId>([older], await database.Jobs.ResolveAsync(number, default));
        }

        await database.EndAsync(newer);
        Assert.Equal<JobId>([older], await database.Jobs.ResolveAsync("twice", default));
        await database.EndAsync(older);
        Assert.Equal<JobId>([newer], await database.Jobs.ResolveAsync("twice", default));

        Assert.Empty(await database.Jobs.ResolveAsync("nobody\0", default));
        Assert.Empty(await database.Jobs.ResolveAsync($"nobody#{older.Value}", default));
        Assert.Empty(await database.Jobs.ResolveAsync("#", default));
        Assert.Empty(await database.Jobs.ResolveAsync("", default));
    }

    [Fact]
    public async Task Servers_that_look_at_active_jobs_at_once_share_them()
    {
        var jobs = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            jobs.Add((await database.ConnectingAsync()).Value);
        }

        var healthy = new HealthyJobs(database.Source);
        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => healthy.ClaimForObservationAsync(100, TimeSpan.FromMinutes(1), default)));

        var seen = claims.SelectMany(claim => claim).Select(job => job.Value).ToList();
        Assert.Equal(seen.Count, seen.Distinct().Count());
        // A job that another claim had locked at the moment is not lost: the next claim has it.
        seen.AddRange((await healthy.ClaimForObservationAsync(100, TimeSpan.FromMinutes(1), default)).Select(job => job.Value));
        Assert.Subset(seen.ToHashSet(), jobs.ToHashSet());
        Assert.Empty(await healthy.ClaimForObservationAsync(100, TimeSpan.FromMinutes(1), default));
    }
}
