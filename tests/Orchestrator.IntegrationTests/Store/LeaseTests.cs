using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class LeaseTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task A_job_that_is_held_is_given_to_nobody_else_not_even_to_its_holder()
    {
        var job = await database.SubmitAsync();
        await database.LeaseAsync(job, "one");

        Assert.Null(await database.Jobs.TryLeaseAsync(job, "two", StoreDatabase.Long, default));
        Assert.Null(await database.Jobs.TryLeaseAsync(job, "one", StoreDatabase.Long, default));
        Assert.DoesNotContain(job, await database.Jobs.DueJobsAsync(1000, default));
    }

    [Fact]
    public async Task Of_many_servers_that_want_a_job_at_once_one_gets_it()
    {
        var job = await database.SubmitAsync();

        var leases = await Task.WhenAll(Enumerable.Range(0, 8).Select(server => database.Jobs.TryLeaseAsync(job, $"s{server}", StoreDatabase.Long, default)));

        Assert.Single(leases, lease => lease is not null);
    }

    [Fact]
    public async Task A_lease_that_ran_out_goes_to_another_server_with_a_higher_token()
    {
        var job = await database.SubmitAsync();
        var first = await database.LeaseAsync(job, "one");
        await database.ExpireAsync(job);

        var second = await database.LeaseAsync(job, "two");

        Assert.True(second.Token > first.Token);
        Assert.True(second.Now > first.Now);
    }

    [Fact]
    public async Task A_short_lease_ends_by_the_databases_clock_alone()
    {
        var job = await database.SubmitAsync();
        var lease = await database.LeaseAsync(job, "one", TimeSpan.FromMilliseconds(150));

        JobLeaseProbe? taken = null;
        await Poll.UntilAsync(
            async () => (taken = await database.Jobs.TryLeaseAsync(job, "two", StoreDatabase.Long, default) is { } other ? new JobLeaseProbe(other.Now) : null) is not null,
            "the lease ran out");

        Assert.True(taken!.Now - lease.Now >= TimeSpan.FromMilliseconds(150));
        Assert.True(lease.Remaining(TimeProvider.System) <= TimeSpan.Zero);
    }

    [Fact]
    public async Task A_server_that_slept_through_its_lease_cannot_append_after_another_took_over()
    {
        var job = await database.SubmitAsync();
        var sleeper = await database.LeaseAsync(job, "sleeper");
        var before = (await database.Jobs.LoadAsync(job, default)).State;
        await database.ExpireAsync(job);
        var other = await database.LeaseAsync(job, "other");

        ImmutableArray<JobEvent> events = StoreDatabase.Planned(job, sleeper.Now);
        Assert.Equal(AppendResult.Fenced, await database.Jobs.AppendAsync(sleeper, before, events.Aggregate(before, Kernel.Apply), events, null, [], default));
        Assert.Null(await database.Jobs.ReleaseAsync(sleeper, null, default));
        Assert.True(await database.AppendAsync(other, StoreDatabase.Planned(job, other.Now)));

        Assert.Equal(3, (await database.Jobs.LoadAsync(job, default)).State.Seq);
    }

    [Fact]
    public async Task A_lease_that_ran_out_cannot_append_even_if_nobody_took_over_and_the_job_stays_due()
    {
        var job = await database.SubmitAsync();
        var lease = await database.LeaseAsync(job);
        await database.ExpireAsync(job);

        Assert.False(await database.AppendAsync(lease, StoreDatabase.Planned(job, lease.Now)));
        Assert.NotNull(await database.Jobs.ReleaseAsync(lease, null, default));

        Assert.Contains(job, await database.Jobs.DueJobsAsync(1000, default));
    }

    [Fact]
    public async Task The_same_state_cannot_be_continued_twice()
    {
        var job = await database.SubmitAsync();
        var lease = await database.LeaseAsync(job);
        var before = (await database.Jobs.LoadAsync(job, default)).State;
        ImmutableArray<JobEvent> events = StoreDatabase.Planned(job, lease.Now);
        var after = events.Aggregate(before, Kernel.Apply);

        Assert.Equal(AppendResult.Committed, await database.Jobs.AppendAsync(lease, before, after, events, null, [], default));
        Assert.Equal(AppendResult.Fenced, await database.Jobs.AppendAsync(lease, before, after, events, null, [], default));
    }

    [Fact]
    public async Task Without_fencing_a_stale_lease_appends_which_is_what_the_sabotage_needs()
    {
        var job = await database.SubmitAsync();
        var stale = await database.LeaseAsync(job);
        await database.ExpireAsync(job);
        await database.LeaseAsync(job, "other");
        var unfenced = new Orchestrator.Engine.Store.JobStore(database.Source, TimeProvider.System) { Fenced = false };
        var before = (await unfenced.LoadAsync(job, default)).State;
        ImmutableArray<JobEvent> events = StoreDatabase.Planned(job, stale.Now);

        Assert.Equal(AppendResult.Committed, await unfenced.AppendAsync(stale, before, events.Aggregate(before, Kernel.Apply), events, null, [], default));
    }

    private sealed record JobLeaseProbe(DateTimeOffset Now);
}
