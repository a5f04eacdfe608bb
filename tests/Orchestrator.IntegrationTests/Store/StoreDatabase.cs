using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Determinism;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

/// <summary>A migrated database for one test class, and short ways to bring a job where a test needs it.</summary>
public sealed class StoreDatabase(PostgresFixture postgres) : IAsyncLifetime
{
    internal const string Epoch = "abcdefgh";
    internal static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    internal string ConnectionString { get; private set; } = "";

    internal NpgsqlDataSource Source { get; private set; } = null!;

    internal JobStore Jobs { get; private set; } = null!;

    internal AgentStore Agents { get; private set; } = null!;

    internal JobQueries Queries { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        ConnectionString = await postgres.CreateDatabaseAsync();
        await Migrator.MigrateAsync(ConnectionString, NullLogger.Instance, default);
        Source = NpgsqlDataSource.Create(ConnectionString);
        Jobs = new JobStore(Source, TimeProvider.System);
        Agents = new AgentStore(Source);
        Queries = new JobQueries(Source);
    }

    public async Task DisposeAsync() => await Source.DisposeAsync();

    internal Task<JobId> SubmitAsync(string name = "job", ImmutableSortedDictionary<string, string>? labels = null, JobSpec? spec = null) => Jobs.SubmitAsync(
        new NewJob
        {
            Name = name,
            Owner = "ada",
            SpecYaml = $"name: {name}\n",
            SpecJson = spec is null ? "{}" : new StoredSpec { Spec = spec }.ToJson(),
            Terms = new JobTerms { MaxTotal = Money.FromDollars(5), HasCheckpoints = true },
            Labels = labels ?? ImmutableSortedDictionary<string, string>.Empty,
            Epoch = Epoch,
        },
        default);

    internal async Task<JobLease> LeaseAsync(JobId job, string owner = "server-1", TimeSpan? duration = null) =>
        await Jobs.TryLeaseAsync(job, owner, duration ?? Long, default) ?? throw new InvalidOperationException($"job {job} is held");

    /// <summary>What a tick commits, without deciding anything.</summary>
    internal async Task<bool> AppendAsync(JobLease lease, ImmutableArray<JobEvent> events, ImmutableArray<long>? handled = null)
    {
        var before = (await Jobs.LoadAsync(lease.Job, default)).State;
        return await Jobs.AppendAsync(lease, before, events.Aggregate(before, Kernel.Apply), events, null, handled ?? [], default) == AppendResult.Committed;
    }

    /// <summary>A job whose attempt 1 has an instance that should be connected to; nobody holds its lease.</summary>
    internal async Task<JobId> ConnectingAsync(string name = "job", string? host = null)
    {
        var job = await SubmitAsync(name);
        var lease = await LeaseAsync(job);
        Assert.True(await AppendAsync(lease, [.. Planned(job, lease.Now, host), .. Found(lease.Now)]));
        await Jobs.ReleaseAsync(lease, null, default);
        return job;
    }

    internal async Task EndAsync(JobId job)
    {
        var lease = await LeaseAsync(job);
        Assert.True(await AppendAsync(lease, [new JobEnded(JobPhase.Cancelled) { At = lease.Now, Why = "cancelled" }]));
        await Jobs.ReleaseAsync(lease, null, default);
    }

    internal async Task<ChannelLease> ChannelAsync(JobId job, string owner = "server-1", TimeSpan? lease = null) =>
        (await Agents.ClaimChannelsAsync(owner, lease ?? Long, 1000, default)).Single(channel => channel.Job == job);

    /// <summary>Lets the leases of a job and its channels run out now, as if their owners had been away for long.</summary>
    internal async Task ExpireAsync(JobId job)
    {
        await using var command = Source.CreateCommand(
            "update orchestrator.jobs set lease_until = now() - interval '1 s' where id = $1 and lease_until is not null");
        command.Parameters.Add(new() { Value = job.Value });
        await command.ExecuteNonQueryAsync();
        await using var channels = Source.CreateCommand(
            "update orchestrator.channels set lease_until = now() - interval '1 s' where job_id = $1 and lease_until is not null");
        channels.Parameters.Add(new() { Value = job.Value });
        await channels.ExecuteNonQueryAsync();
    }

    internal async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    internal static ImmutableArray<JobEvent> Planned(JobId job, DateTimeOffset at, string? host = null) =>
    [
        new AttemptPlanned(1, Offer(host), LaunchToken.For(Epoch, job, 1)) { At = at, Why = "planned" },
        new LaunchSent(1, 1) { At = at, Why = "sent" },
    ];

    internal static ImmutableArray<JobEvent> Found(DateTimeOffset at) =>
    [
        new InstanceFound(1, "i-1") { At = at, Why = "found" },
        new PhaseEntered(1, AttemptPhase.Booting) { At = at, Why = "booting" },
        new PhaseEntered(1, AttemptPhase.Connecting) { At = at, Why = "it runs" },
    ];

    internal static OfferTaken Offer(string? host = null) => new()
    {
        Provider = "local",
        OfferId = "cpu",
        Capacity = CapacityType.OnDemand,
        HostKind = HostKind.Machine,
        Host = host,
        PricePerHour = Money.FromDollars(1),
    };
}
