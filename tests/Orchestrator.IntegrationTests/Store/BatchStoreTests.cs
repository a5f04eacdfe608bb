using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class BatchStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);
    private BatchStore _batches = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _batches = new BatchStore(_database.Source);
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    /// <summary>All of them saw free slots.</summary>
    [Fact]
    public async Task Of_many_plans_made_at_once_on_two_servers_no_more_are_kept_than_may_run()
    {
        var waiting = (await SubmitAsync(new BatchRules { Name = "sweep", MaxParallel = 3 }, 12)).ToList();
        await using var other = NpgsqlDataSource.Create(_database.ConnectionString);
        JobStore[] servers = [_database.Jobs, new(other, TimeProvider.System)];

        while (waiting.Count > 0)
        {
            var results = await Task.WhenAll(waiting.Select(async (job, index) => (Job: job, Result: await AppendAsync(servers[index % 2], job, at => StoreDatabase.Planned(job, at)))));

            var begun = results.Where(one => one.Result == AppendResult.Committed).Select(one => one.Job).ToList();
            Assert.Equal(Math.Min(3, waiting.Count), begun.Count);
            foreach (var job in begun)
            {
                Assert.Null((await _batches.FindAsync("sweep", default))!.EndedAt);
                await EndAsync(job, JobPhase.Succeeded);
                waiting.Remove(job);
            }
        }

        Assert.NotNull((await _batches.FindAsync("sweep", default))!.EndedAt);
    }

    [Fact]
    public async Task What_jobs_hold_of_a_shared_budget_is_never_more_than_it_and_comes_back_when_they_end()
    {
        var jobs = await SubmitAsync(new BatchRules { Name = "sweep", Budget = Money.FromDollars(10) }, 3);
        Assert.Equal(AppendResult.Committed, await BeginAsync(jobs[0], 6));
        Assert.Equal(AppendResult.NoRoom, await BeginAsync(jobs[1], 5));
        Assert.Equal((Money.FromDollars(4), true), ((await _batches.LookAsync(jobs[1], default))!.Most, (await _batches.LookAsync(jobs[1], default))!.OthersHold));
        Assert.Equal(AppendResult.Committed, await BeginAsync(jobs[1], 4));
        Assert.Equal(AppendResult.NoRoom, await BeginAsync(jobs[2], 1));

        // One dollar is spent of the six that it held.
        await EndAsync(jobs[0], JobPhase.Succeeded);
        Assert.Equal((Money.FromDollars(5), true), ((await _batches.LookAsync(jobs[2], default))!.Most, (await _batches.LookAsync(jobs[2], default))!.OthersHold));
        Assert.Equal(AppendResult.Committed, await BeginAsync(jobs[2], 5));

        var id = (await _batches.FindAsync("sweep", default))!.Id;
        Assert.Equal(Money.FromDollars(10), await _batches.SetBudgetAsync(id, Money.FromDollars(9), "eva", default));
        Assert.Null(await _batches.SetBudgetAsync(id, Money.FromDollars(12), "eva", default));
        Assert.Equal(Money.FromDollars(7), (await _batches.LookAsync(jobs[2], default))!.Most);
    }

    [Fact]
    public async Task What_a_provider_has_charged_beyond_the_meter_is_spent_of_the_shared_budget()
    {
        var jobs = await SubmitAsync(new BatchRules { Name = "sweep", Budget = Money.FromDollars(10) }, 2);
        Assert.Equal(AppendResult.Committed, await BeginAsync(jobs[0], 6));
        await EndAsync(jobs[0], JobPhase.Succeeded);
        Assert.Equal((Money.FromDollars(9), ("sweep", Money.FromDollars(10), Money.FromDollars(1))), ((await _batches.LookAsync(jobs[1], default))!.Most, Assert.Single(await _batches.BudgetsAsync(default))));

        // A dollar by the meter, four by the bill.
        await _database.ScalarAsync($"insert into orchestrator.instances (job_id, attempt, instance_id, provider, label, found_at) values ({jobs[0].Value}, 1, '77', 'vast', 'orc-77', now())");
        await _database.ScalarAsync("insert into orchestrator.charged (provider, instance_id, total_micros, asked_at, changed_at) values ('vast', '77', 4000000, now(), now())");

        Assert.Equal(Money.FromDollars(6), (await _batches.LookAsync(jobs[1], default))!.Most);
        Assert.Equal(Money.FromDollars(4), Assert.Single(await _batches.BudgetsAsync(default)).Beside);
        Assert.Equal((Money.FromDollars(4), Money.FromDollars(3)), (await _batches.FindAsync("sweep", default))!.Members[0] is var member ? (member.Holds, member.Unmetered) : default);
        Assert.Equal(AppendResult.NoRoom, await BeginAsync(jobs[1], 7));
        Assert.Equal(AppendResult.Committed, await BeginAsync(jobs[1], 6));
    }

    [Fact]
    public async Task A_canary_that_fails_cancels_the_rest_and_one_that_works_wakes_it()
    {
        var jobs = await SubmitAsync(new BatchRules { Name = "sweep", Canary = 1 }, 3);
        Assert.Equal([null, BatchHoldKind.Canary, BatchHoldKind.Canary], await Task.WhenAll(jobs.Select(async job => (await _batches.LookAsync(job, default))!.Hold)));
        Assert.Equal(AppendResult.NoRoom, await AppendAsync(_database.Jobs, jobs[1], at => StoreDatabase.Planned(jobs[1], at)));
        await WaitAsync(jobs[1], BatchHoldKind.Canary);

        await AppendAsync(_database.Jobs, jobs[0], at => StoreDatabase.Planned(jobs[0], at));
        await EndAsync(jobs[0], JobPhase.Failed);

        Assert.Equal([jobs[1], jobs[2]], await _batches.DueBesideAsync(jobs[0], default));
        var told = Assert.IsType<CancelCommand>(Assert.Single((await _database.Jobs.LoadAsync(jobs[1], default)).Inbox));
        Assert.Equal($"batch sweep: {jobs[0]}, a canary of batch sweep, failed before it had shown that it works", told.By);

        var better = await SubmitAsync(new BatchRules { Name = "better", Canary = 1 }, 2);
        await WaitAsync(better[1], BatchHoldKind.Canary);
        Assert.Empty(await _batches.DueBesideAsync(better[0], default));
        await AppendAsync(_database.Jobs, better[0], at => StoreDatabase.Planned(better[0], at));
        await EndAsync(better[0], JobPhase.Succeeded);
        Assert.Equal([better[1]], await _batches.DueBesideAsync(better[0], default));
        Assert.Null((await _batches.LookAsync(better[1], default))!.Hold);
    }

    [Fact]
    public async Task One_name_is_one_live_batch_which_single_jobs_may_join()
    {
        await SubmitAsync(new BatchRules { Name = "sweep", MaxParallel = 1 }, 2);
        Assert.Empty(await SubmitAsync(new BatchRules { Name = "sweep" }, 2));

        Assert.Empty(await SubmitAsync(new BatchRules { Name = "sweep", Budget = Money.FromDollars(5) }, 1, joins: true));
        var joined = Assert.Single(await SubmitAsync(new BatchRules { Name = "sweep" }, 1, joins: true));

        var batch = (await _batches.FindAsync("sweep", default))!;
        Assert.Equal((1, joined, 3), (batch.Rules.MaxParallel, batch.Members[2].Job, batch.Members[2].Number));
        Assert.Null(await _batches.FindAsync("none", default));
        Assert.Null(await _batches.LookAsync(await _database.SubmitAsync("alone"), default));
    }

    [Fact]
    public async Task What_failed_is_added_to_the_same_batch_once_with_its_cell_and_under_its_budget()
    {
        var jobs = await SubmitAsync(new BatchRules { Name = "sweep", Budget = Money.FromDollars(10), FailFast = true }, 3);
        foreach (var (job, phase) in jobs.Zip([JobPhase.Failed, JobPhase.Cancelled, JobPhase.Succeeded]))
        {
            Assert.Equal(AppendResult.Committed, await BeginAsync(job, 2));
            await EndAsync(job, phase);
        }

        var batch = (await _batches.FindAsync("sweep", default))!;
        Assert.NotNull(batch.EndedAt);
        // Whom a person cancelled is nobody's to bring back.
        Assert.Equal([jobs[0]], await _batches.FailedAsync(batch.Id, default));
        await _database.ScalarAsync($"update orchestrator.jobs set reason = 'cancelled by batch sweep: another failed' where id = {jobs[1].Value}");
        Assert.Equal([jobs[0], jobs[1]], await _batches.FailedAsync(batch.Id, default));

        var retry = New(batch.Rules, 1) with { RetryOf = jobs[0] };
        var again = (await _batches.AddAsync(batch.Id, retry, default))!.Value;
        await Assert.ThrowsAsync<RetriedAlreadyException>(() => _batches.AddAsync(batch.Id, retry, default));

        Assert.Equal([jobs[1]], await _batches.FailedAsync(batch.Id, default));
        batch = (await _batches.FindAsync("sweep", default))!;
        Assert.Equal((null, 4, again, 4), (batch.EndedAt, batch.Members.Length, batch.Members[3].Job, batch.Members[3].Number));
        Assert.Equal([true, false, false, false], batch.Members.Select(member => member.Retried));
        // Three dollars were spent before.
        Assert.Equal(Money.FromDollars(7), (await _batches.LookAsync(again, default))!.Most);
        Assert.Equal(("n=1", jobs[0].Value), ((await _database.Queries.ShowAsync(again, default))!.Job.Batch!.Cell, (await _database.Queries.ShowAsync(again, default))!.Job.RetryOf));

        await SubmitAsync(new BatchRules { Name = "other" }, 1);
        await AppendAsync(_database.Jobs, again, at => [new JobEnded(JobPhase.Cancelled) { At = at, Why = "ended" }]);
        await SubmitAsync(new BatchRules { Name = "sweep" }, 1);
        Assert.Null(await _batches.AddAsync(batch.Id, New(batch.Rules, 2) with { RetryOf = jobs[1] }, default));
    }

    private async Task<ImmutableArray<JobId>> SubmitAsync(BatchRules rules, int count, bool joins = false) => (await _batches.SubmitAsync(
        new NewBatch("ada", rules, [.. Enumerable.Range(1, count).Select(number => New(rules, number))]) { Joins = joins },
        default)).Jobs;

    private static NewJob New(BatchRules rules, int number) => new()
    {
        Name = $"{rules.Name}-{number}",
        Owner = "ada",
        SpecYaml = "",
        SpecJson = "{}",
        Terms = new JobTerms { MaxTotal = rules.Budget is null ? Money.FromDollars(5) : Money.Zero, HasCheckpoints = true, Batch = new BatchTerms(rules.Name, rules.Budget is not null, null) },
        Cell = $"n={number}",
        Epoch = StoreDatabase.Epoch,
    };

    private Task<AppendResult> BeginAsync(JobId job, decimal holds) =>
        AppendAsync(_database.Jobs, job, at => [new BudgetChanged(Money.FromDollars(holds)) { At = at, Why = "takes" }, .. StoreDatabase.Planned(job, at)]);

    private async Task WaitAsync(JobId job, BatchHoldKind held)
    {
        Assert.Equal(AppendResult.Committed, await AppendAsync(_database.Jobs, job, at => [new JobPhaseChanged(JobPhase.Waiting, null) { At = at, Why = "in turn", Batch = new BatchWait(held) }]));
    }

    private async Task EndAsync(JobId job, JobPhase phase) => Assert.Equal(
        AppendResult.Committed,
        await AppendAsync(_database.Jobs, job, at =>
        [
            new AttemptEnded(1, EndReason.Cancelled, Money.FromDollars(1), false) { At = at, Why = "ended" },
            new JobEnded(phase) { At = at, Why = "ended" },
        ]));

    /// <summary>Nothing is due any more when its tick is over, but for what is woken later.</summary>
    private static async Task<AppendResult> AppendAsync(JobStore server, JobId job, Func<DateTimeOffset, ImmutableArray<JobEvent>> what)
    {
        var lease = await server.TryLeaseAsync(job, "server", StoreDatabase.Long, default) ?? throw new InvalidOperationException($"job {job} is held");
        var before = (await server.LoadAsync(job, default)).State;
        var events = what(lease.Now);
        var result = await server.AppendAsync(lease, before, events.Aggregate(before, Kernel.Apply), events, null, [], default);
        await server.ReleaseAsync(lease, null, default);
        return result;
    }
}
