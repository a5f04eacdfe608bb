using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class RoomStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const int Most = 3;

    private readonly StoreDatabase _database = new(postgres);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    /// <summary>All of them saw an empty house.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_many_plans_made_at_once_on_two_servers_no_more_are_kept_than_the_limit_allows(bool ofAccount)
    {
        var limits = new ServerLimits { MaxInstances = Most };
        limits = ofAccount ? new ServerLimits { Accounts = [new("mine", StoreDatabase.Offer().Provider, limits)] } : limits;
        await using var other = NpgsqlDataSource.Create(_database.ConnectionString);
        JobStore[] servers = [new(_database.Source, TimeProvider.System) { Limits = limits }, new(other, TimeProvider.System) { Limits = limits }];
        var waiting = new List<JobId>();
        for (var number = 0; number < 16; number++)
        {
            waiting.Add(await _database.SubmitAsync($"job-{number}"));
        }

        while (waiting.Count > 0)
        {
            var results = await Task.WhenAll(waiting.Select(async (job, index) => (Job: job, Result: await PlanAsync(servers[index % 2], job))));

            var begun = results.Where(one => one.Result == AppendResult.Committed).Select(one => one.Job).ToList();
            Assert.Equal(Math.Min(Most, waiting.Count), begun.Count);
            Assert.All(results.Where(one => !begun.Contains(one.Job)), one => Assert.Equal(AppendResult.NoRoom, one.Result));
            foreach (var job in begun)
            {
                await EndAsync(job);
                waiting.Remove(job);
            }
        }
    }

    [Fact]
    public async Task A_server_that_freezes_while_it_looks_for_room_does_not_keep_others_from_renting()
    {
        var limits = new ServerLimits { MaxInstances = Most };
        var (frozen, other) = (await _database.SubmitAsync("frozen"), await _database.SubmitAsync("other"));
        var before = (await _database.Jobs.LoadAsync(frozen, default)).State;
        var events = StoreDatabase.Planned(frozen, DateTimeOffset.UtcNow);
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        Assert.True(await RoomStore.IsThereRoomAsync(transaction, limits, events.Aggregate(before, Kernel.Apply), events.OfType<AttemptPlanned>().First(), DateTimeOffset.UtcNow, default));

        // Waits for the lock, which goes with the frozen one's session.
        Assert.Equal(AppendResult.Committed, await PlanAsync(new(_database.Source, TimeProvider.System) { Limits = limits }, other));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync());
    }

    [Fact]
    public async Task What_others_take_is_read_from_the_books()
    {
        var rooms = new RoomStore(_database.Source);
        var limits = new ServerLimits { MaxWeekly = Money.FromDollars(50) };
        Assert.Null(await rooms.LookAsync(new(), null, default));

        // A dollar an hour of a budget of five: two hours ago, so three are to come. The other has ended after an hour.
        var live = await LaunchedAsync(TimeSpan.FromHours(2));
        var ended = await LaunchedAsync(TimeSpan.FromHours(1));
        await EndAsync(ended);
        var room = await rooms.LookAsync(limits, null, default);
        Assert.Equal((1, Money.FromDollars(1)), (room!.Used.Instances, room.Used.PerHour));
        Assert.Equal(6, room.Used.Week.Dollars, 2);
        Assert.Equal(live, Assert.Single(room.Users));

        // Its own are not others'.
        Assert.Equal(1, (await rooms.LookAsync(limits, live, default))!.Used.Week.Dollars, 2);

        // Accepted is not billed any more; an extra instance is.
        await AppendAsync(live, at => new DestroyAccepted(1) { At = at, Why = "accepted" });
        Assert.Equal(0, (await rooms.LookAsync(limits, null, default))!.Used.Instances);
        await AppendAsync(live, at => new ExtraInstanceFound(1, "i-2") { At = at, Why = "found" });
        Assert.Equal(1, (await rooms.LookAsync(limits, null, default))!.Used.Instances);
    }

    /// <summary>A server of a newer release may have written it.</summary>
    [Fact]
    public async Task A_job_whose_state_cannot_be_read_counts_by_its_price_and_keeps_nobody_from_renting()
    {
        var unreadable = await LaunchedAsync(TimeSpan.FromHours(1));
        await using (var command = _database.Source.CreateCommand("update orchestrator.jobs set state = '{\"phase\":\"Dreaming\"}' where id = $1"))
        {
            command.Parameters.AddWithValue(unreadable.Value);
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        var room = await new RoomStore(_database.Source).LookAsync(new() { MaxWeekly = Money.FromDollars(500) }, null, default);

        Assert.Equal(new RoomUse(Money.FromDollars(1), Money.FromDollars(168), 1), room!.Used);
        Assert.Equal(unreadable, Assert.Single(room.Users));
    }

    [Fact]
    public async Task What_an_account_takes_is_read_from_the_books_of_its_provider()
    {
        var rooms = new RoomStore(_database.Source);
        var own = new ServerLimits { MaxWeekly = Money.FromDollars(50) };
        var there = StoreDatabase.Offer().Provider;
        await LaunchedAsync(TimeSpan.FromHours(2));
        await EndAsync(await LaunchedAsync(TimeSpan.FromHours(1)));

        var room = (await rooms.LookAsync(new() { Accounts = [new("mine", there, own), new("other", "elsewhere", own)] }, null, default))!;

        Assert.Equal((1, 6.0), (room.Accounts[0].Used.Instances, Math.Round((double)room.Accounts[0].Used.Week.Dollars, 2)));
        Assert.Equal(default, room.Accounts[1].Used);
    }

    [Fact]
    public async Task Who_waits_for_an_account_stands_in_no_line()
    {
        var limits = new ServerLimits { MaxHourly = Money.FromDollars(4), Accounts = [new("mine", "vast", new() { MaxInstances = 0 })] };
        var (first, second) = (await _database.SubmitAsync("first"), await _database.SubmitAsync("second"));
        await AppendAsync(first, at => new JobPhaseChanged(JobPhase.Waiting, null)
        {
            At = at, Why = "no room", Room = new RoomWait(Money.FromDollars(3), RoomWait.OfAccounts + "mine.limits.max-instances", at),
        });

        Assert.Empty((await new RoomStore(_database.Source).LookAsync(limits, second, default))!.Waiting);
    }

    [Fact]
    public async Task Older_jobs_that_wait_stand_in_line_until_they_no_longer_do()
    {
        var rooms = new RoomStore(_database.Source);
        var limits = new ServerLimits { MaxHourly = Money.FromDollars(4) };
        var (first, second) = (await _database.SubmitAsync("first"), await _database.SubmitAsync("second"));
        await AppendAsync(first, at => new JobPhaseChanged(JobPhase.Waiting, null) { At = at, Why = "no room", Room = new RoomWait(Money.FromDollars(3), "max-hourly", at) });

        var seen = await rooms.LookAsync(limits, second, default);
        Assert.Equal(first, Assert.Single(seen!.Waiting));
        Assert.Equal((Money.FromDollars(3), 1), (seen.Ahead.PerHour, seen.Ahead.Instances));
        Assert.Empty((await rooms.LookAsync(limits, first, default))!.Waiting);

        await AppendAsync(first, at => new JobPhaseChanged(JobPhase.Waiting, null) { At = at, Why = "no offer fits" });
        Assert.Empty((await rooms.LookAsync(limits, second, default))!.Waiting);
    }

    private async Task<AppendResult> PlanAsync(JobStore server, JobId job)
    {
        var lease = await server.TryLeaseAsync(job, "server", StoreDatabase.Long, default) ?? throw new InvalidOperationException($"job {job} is held");
        var before = (await server.LoadAsync(job, default)).State;
        var events = StoreDatabase.Planned(job, lease.Now);
        var result = await server.AppendAsync(lease, before, events.Aggregate(before, Kernel.Apply), events, null, [], default);
        await server.ReleaseAsync(lease, null, default);
        return result;
    }

    private async Task<JobId> LaunchedAsync(TimeSpan ago)
    {
        var job = await _database.SubmitAsync();
        var lease = await _database.LeaseAsync(job);
        Assert.True(await _database.AppendAsync(lease, [.. StoreDatabase.Planned(job, lease.Now - ago), .. StoreDatabase.Found(lease.Now - ago)]));
        await _database.Jobs.ReleaseAsync(lease, null, default);
        return job;
    }

    private Task EndAsync(JobId job) => AppendAsync(
        job,
        at => new AttemptEnded(1, EndReason.Cancelled, Money.FromDollars(1), false) { At = at, Why = "ended" },
        at => new JobEnded(JobPhase.Cancelled) { At = at, Why = "cancelled" });

    private async Task AppendAsync(JobId job, params Func<DateTimeOffset, JobEvent>[] what)
    {
        var lease = await _database.LeaseAsync(job);
        Assert.True(await _database.AppendAsync(lease, [.. what.Select(make => make(lease.Now))]));
        await _database.Jobs.ReleaseAsync(lease, null, default);
    }
}
