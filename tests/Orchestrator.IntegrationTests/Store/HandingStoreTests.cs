using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Batches;
using Orchestrator.Determinism;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

/// <summary>A host passes in one transaction, and to one job.</summary>
[Collection(PostgresCollection.Name)]
public sealed class HandingStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);
    private BatchStore _batches = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _batches = new BatchStore(_database.Source);
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Of_those_that_would_take_a_host_at_the_same_moment_on_two_servers_one_does_and_its_giver_ends_with_it()
    {
        var jobs = await SubmitAsync(9);
        var giver = jobs[0];
        await OfferAsync(giver);
        await using var other = NpgsqlDataSource.Create(_database.ConnectionString);
        JobStore[] servers = [_database.Jobs, new(other, TimeProvider.System)];
        // A tick of the giver's that goes on from what it saw before.
        var late = await _database.LeaseAsync(giver, "late");
        var seen = (await _database.Jobs.LoadAsync(giver, default)).State;

        var (next, behind) = ((await _batches.LookAsync(jobs[1], default))!, (await _batches.LookAsync(jobs[2], default))!);
        Assert.Equal((null, BatchHoldKind.Slot, 1), (next.Hold, next.OnlyWarm, next.Warm.Length));
        Assert.Equal((BatchHoldKind.Slot, null, 0), (behind.Hold, behind.OnlyWarm, behind.Warm.Length));
        Assert.True((await _batches.LookAsync(giver, default))!.HasHeir);

        // As if each had seen itself in front.
        var results = await Task.WhenAll(jobs.Skip(1).Select(async (job, index) => (Job: job, Result: await TakeAsync(servers[index % 2], job, next.Warm[0].Warm!))));

        var heir = Assert.Single(results, one => one.Result == AppendResult.Committed).Job;
        Assert.All(results.Where(one => one.Job != heir), one => Assert.Equal(AppendResult.NoRoom, one.Result));
        var (given, taken) = ((await _database.Jobs.LoadAsync(giver, default)).State, (await _database.Jobs.LoadAsync(heir, default)).State);
        Assert.Equal((AttemptPhase.Ended, new HostHeir(heir, 1)), (given.Attempts[0].Phase, given.Attempts[0].PassedTo));
        Assert.Equal((AttemptPhase.Connecting, "i-1"), (taken.Attempts[0].Phase, taken.Attempts[0].InstanceId));
        Assert.Equal(given.Attempts[0].EndedAt, taken.Attempts[0].BilledFrom);

        // Whoever thinks that nobody took it destroys nothing, since it can write nothing down.
        ImmutableArray<JobEvent> destroys = [new PhaseEntered(1, AttemptPhase.Cleaning) { At = late.Now, Why = "nobody" }];
        Assert.Equal(AppendResult.Fenced, await _database.Jobs.AppendAsync(late, seen, destroys.Aggregate(seen, Kernel.Apply), destroys, null, [], default));
        Assert.NotNull(await _database.Jobs.ReleaseAsync(late, null, default));

        Assert.Equal((heir, 1), await _database.Jobs.HeirOfAsync(LaunchToken.For(StoreDatabase.Epoch, giver, 1), default));
        Assert.Null(await _database.Jobs.HeirOfAsync(LaunchToken.For(StoreDatabase.Epoch, heir, 1), default));
        Assert.Equal([heir.Value], [.. (await _database.Agents.ClaimChannelsAsync("s", StoreDatabase.Long, 10, default)).Select(channel => channel.Job.Value)]);
    }

    [Fact]
    public async Task An_instances_bill_is_laid_against_what_all_of_its_owners_paid()
    {
        var jobs = await SubmitAsync(2);
        await OfferAsync(jobs[0]);
        Assert.Equal(AppendResult.Committed, await TakeAsync(_database.Jobs, jobs[1], Handing.OfferOf((await _database.Jobs.LoadAsync(jobs[0], default)).State, 0)!.Warm!));
        var (ledger, charges) = (new LedgerStore(_database.Source), new ChargeStore(_database.Source));
        await charges.WriteAsync("local", "i-1", new InstanceCharge { InstanceId = "i-1", Compute = Money.FromDollars(3), Total = Money.FromDollars(3) }, default);

        var open = await ledger.OpenAsync(gone: false, null, 10, default);
        Assert.Equal([(jobs[0], (Money?)null), (jobs[1], null)], open.Select(one => (one.Job, one.Charged)));
        foreach (var one in await ledger.OpenAsync(gone: true, null, 10, default))
        {
            Assert.Equal(jobs[0], one.Job);
            var life = new InstanceLife(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow);
            await ledger.FreezeAsync(one.Job, one.Attempt, one.Seen, new(life, new(Money.FromDollars(1), Money.Zero, Money.Zero, Money.Zero), Money.Zero, false), default);
        }

        Assert.Equal(Money.FromDollars(2), Assert.Single(await ledger.OpenAsync(gone: false, null, 10, default)).Charged);
        Assert.Equal(Money.FromDollars(1), Assert.Single(await ledger.FrozenAsync(null, null, default)).Charged);
        // It lives on: its bill is not complete.
        await charges.SettleAsync("local", TimeSpan.Zero, TimeSpan.Zero, default);
        Assert.False(Assert.Single(await ledger.FrozenAsync(null, null, default)).Settled);
    }

    private async Task OfferAsync(JobId job) => Assert.Equal(AppendResult.Committed, await AppendAsync(_database.Jobs, job, at =>
    [
        .. StoreDatabase.Planned(job, at),
        .. StoreDatabase.Found(at),
        new AttemptEnding(1, EndReason.Succeeded, null) { At = at, Why = "done" },
        new PhaseEntered(1, AttemptPhase.Passing) { At = at, Why = "stored" },
        new HostOffered(1) { At = at, Why = "wiped" },
    ]));

    private static Task<AppendResult> TakeAsync(JobStore server, JobId job, WarmHost host) => AppendAsync(server, job, at =>
    [
        new AttemptPlanned(1, StoreDatabase.Offer(), LaunchToken.For(StoreDatabase.Epoch, job, 1)) { At = at, Why = "planned" },
        new HostTaken(1, host) { At = at, Why = "taken" },
    ]);

    private async Task<ImmutableArray<JobId>> SubmitAsync(int count)
    {
        var terms = new JobTerms { MaxTotal = Money.FromDollars(5), Batch = new BatchTerms("sweep", false, null) { ReusesHosts = true } };
        var spec = new StoredSpec { Spec = new JobSpec { Name = "sweep", Batch = new BatchSpec { Name = "sweep", ReuseHosts = true } } }.ToJson();
        return (await _batches.SubmitAsync(
            new NewBatch("ada", new BatchRules { Name = "sweep", MaxParallel = 1 }, [.. Enumerable.Range(1, count).Select(number => new NewJob
            {
                Name = $"sweep-{number}", Owner = "ada", SpecYaml = "", SpecJson = spec, Terms = terms, Epoch = StoreDatabase.Epoch,
            })]),
            default)).Jobs;
    }

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
