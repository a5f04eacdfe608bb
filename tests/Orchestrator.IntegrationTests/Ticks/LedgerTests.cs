using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Engine;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;
using Orchestrator.Spending;
using Orchestrator.Server.Desk;
using Xunit;

namespace Orchestrator.IntegrationTests.Ticks;

/// <summary>What an instance has cost is frozen once it is gone, and its bill stands beside it.</summary>
[Collection(PostgresCollection.Name)]
public sealed class LedgerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);
    private readonly BilledAccount _account = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task What_is_gone_is_frozen_once_and_never_changes()
    {
        var job = await LaunchedAsync(TimeSpan.FromHours(2));
        await Meter().FreezeAsync(default);
        Assert.Empty(await Ledger.FrozenAsync(null, null, default));
        var lives = Assert.Single((await Desk().AskAsync(job.Value, null, default)).Instances);
        Assert.True(lives is { Frozen: false, Until: null, Metered: > 1.99m }, lives.ToString());

        await EndAsync(job, TimeSpan.FromHours(1));
        await Meter().FreezeAsync(default);
        await Meter().FreezeAsync(default);

        var frozen = Assert.Single(await Ledger.FrozenAsync(null, job, default));
        Assert.InRange(frozen.Cost.Metered.Total.Dollars, 1m, 1.2m);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ScalarAsync("update orchestrator.metered set compute_micros = 0"));
        Assert.Contains("never changed", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await Ledger.FrozenAsync(DateTimeOffset.UtcNow.AddMinutes(-30), null, default));
        var shown = await Desk().AskAsync(null, null, default);
        Assert.Equal((frozen.Cost.Metered.Total.Dollars, 1, 5m), (shown.Total.Total, Assert.Single(shown.Jobs).Instances, shown.Allowed));
    }

    [Fact]
    public async Task A_bill_is_read_again_until_it_is_settled_and_a_difference_is_told()
    {
        var job = await LaunchedAsync(TimeSpan.FromHours(30));
        await EndAsync(job, TimeSpan.FromHours(29));
        await Meter().FreezeAsync(default);

        // Nothing is published yet.
        await Charges().LookAsync(default);
        Assert.True(Assert.Single(await Ledger.FrozenAsync(null, null, default)) is { Charged: null, Settled: false });
        await Charges().LookAsync(default);
        Assert.Equal(1, _account.Asked);

        _account.Rows = [Charge("i-1", 0.5m), Charge("i-1", 0.3m), Charge("i-other", 9)];
        await LaterAsync(TimeSpan.FromHours(3));
        await Charges().LookAsync(default);
        Assert.True(Assert.Single(await Ledger.FrozenAsync(null, null, default)) is { Charged.MicroDollars: 800_000, Settled: false });

        // The last hour comes late, and starts the wait anew.
        _account.Rows = [Charge("i-1", 0.5m), Charge("i-1", 0.4m)];
        await LaterAsync(TimeSpan.FromHours(7));
        await Charges().LookAsync(default);
        Assert.True(Assert.Single(await Ledger.FrozenAsync(null, null, default)) is { Charged.MicroDollars: 900_000, Settled: false });
        Assert.Empty(await new AlertStore(_database.Source).ListAsync(resolved: true, default));

        await LaterAsync(TimeSpan.FromHours(7));
        await Charges().LookAsync(default);
        Assert.True(Assert.Single(await Ledger.FrozenAsync(null, null, default)) is { Charged.MicroDollars: 900_000, Settled: true });
        var told = Assert.Single(await new AlertStore(_database.Source).ListAsync(resolved: false, default));
        Assert.Equal(("bill", "local i-1"), (told.Kind, told.Subject));
        Assert.Matches("1[0-9][.0-9]* % apart", told.Text);
        var asked = _account.Asked;
        _account.Rows = [];
        await LaterAsync(TimeSpan.FromHours(7));
        await Charges().LookAsync(default);
        Assert.Equal(asked, _account.Asked);
        var provider = Assert.Single((await Desk().AskAsync(null, null, default)).Providers);
        Assert.Equal((0.9m, true, 0), (provider.Charged, provider.Differs, provider.Open));
    }

    /// <summary>A trainer that reads its data from the web: our meter does not see that, the bill does.</summary>
    [Fact]
    public async Task A_bill_that_has_spent_the_budget_already_pauses_the_job_while_it_runs()
    {
        var job = await LaunchedAsync(TimeSpan.FromHours(2));
        _account.Rows = [Charge("i-1", 4.9m)];
        await Charges().LookAsync(default);
        Assert.Empty((await _database.Jobs.LoadAsync(job, default)).Inbox);
        var told = Assert.Single(await new AlertStore(_database.Source).ListAsync(resolved: false, default));
        Assert.Contains("charged $4.90 by now for instance i-1", told.Text, StringComparison.Ordinal);

        _account.Rows = [Charge("i-1", 5.2m)];
        await LaterAsync(TimeSpan.FromHours(2));
        await Charges().LookAsync(default);

        var pause = Assert.IsType<PauseCommand>(Assert.Single((await _database.Jobs.LoadAsync(job, default)).Inbox));
        Assert.Contains("its budget of $5.00 is spent: $5.20 by what providers have charged", pause.By, StringComparison.Ordinal);
        Assert.EndsWith($"orchestrator resume {job.Value} --budget 7", pause.By, StringComparison.Ordinal);
        await LaterAsync(TimeSpan.FromHours(2));
        await Charges().LookAsync(default);
        Assert.Single((await _database.Jobs.LoadAsync(job, default)).Inbox);
    }

    /// <summary>Its charges come hours after it is gone, and the job would rent again.</summary>
    [Fact]
    public async Task A_bill_that_comes_late_pauses_the_job_as_well()
    {
        var job = await LaunchedAsync(TimeSpan.FromHours(2));
        await EndAsync(job, TimeSpan.FromHours(1), EndReason.InstanceGone);
        await Meter().FreezeAsync(default);
        _account.Rows = [Charge("i-1", 5.2m)];

        await Charges().LookAsync(default);

        Assert.IsType<PauseCommand>(Assert.Single((await _database.Jobs.LoadAsync(job, default)).Inbox));
    }

    [Fact]
    public async Task An_instance_is_metered_from_when_its_provider_says_that_it_is_billed()
    {
        var job = await LaunchedAsync(TimeSpan.FromHours(3));
        var now = await _database.Jobs.NowAsync(default);
        foreach (var at in new[] { now.AddHours(-2), now.AddHours(-1) })
        {
            await new SparedStore(_database.Source).NoteAsync("local", new Listing(now, new([new() { InstanceId = "i-1", Label = "orc-e1-7-1", Status = InstanceStatus.Unknown, BilledFrom = at }])), default);
        }

        _account.Billing = new BillingRules { Compute = BillingStart.Running };

        // It never got so far as to be connected to, and cost all the same.
        var lives = Assert.Single((await Desk().AskAsync(job.Value, null, default)).Instances);
        Assert.InRange(lives.Metered, 1.99m, 2.1m);
    }

    [Fact]
    public async Task Nobody_waits_for_ever_and_a_refusal_is_asked_again()
    {
        var job = await LaunchedAsync(TimeSpan.FromHours(80));
        await EndAsync(job, TimeSpan.FromHours(79));
        await Meter().FreezeAsync(default);
        _account.Refuses = true;
        await Charges().LookAsync(default);
        Assert.False(Assert.Single(await Ledger.FrozenAsync(null, null, default)).Settled);

        _account.Refuses = false;
        await LaterAsync(TimeSpan.FromMinutes(6));
        await Charges().LookAsync(default);

        Assert.True(Assert.Single(await Ledger.FrozenAsync(null, null, default)) is { Charged: null, Settled: true });
    }

    /// <summary>Lists of several servers; the one in the middle comes last.</summary>
    [Fact]
    public async Task What_lists_say_is_free_is_not_metered()
    {
        var job = await LaunchedAsync(TimeSpan.FromHours(2));
        var (spared, start) = (new SparedStore(_database.Source), (await _database.Jobs.NowAsync(default)).AddHours(-2));
        foreach (var (minutes, billed) in new[] { (10, BilledParts.All), (20, BilledParts.None), (50, BilledParts.None), (35, BilledParts.All), (51, BilledParts.All), (55, BilledParts.DiskOnly) })
        {
            await spared.NoteAsync("local", new Listing(start.AddMinutes(minutes), new([new() { InstanceId = "i-1", Label = "orc-e1-7-1", Status = InstanceStatus.Unknown, Billed = billed }])), default);
            await spared.NoteAsync("other", new Listing(start.AddMinutes(minutes), new([new() { InstanceId = "i-1", Label = "orc-e1-7-1", Status = InstanceStatus.Unknown, Billed = BilledParts.None }])), default);
            await spared.NoteAsync("local", new Listing(start.AddMinutes(minutes).AddSeconds(1), new([])), default);
        }

        await EndAsync(job, TimeSpan.FromHours(1));
        var lives = Assert.Single((await Desk().AskAsync(job.Value, null, default)).Instances);
        await Meter().FreezeAsync(default);

        // Half of the hour at $1.
        var frozen = Assert.Single(await Ledger.FrozenAsync(null, job, default));
        Assert.InRange(frozen.Cost.Metered.Total.Dollars, 0.49m, 0.6m);
        Assert.Equal(frozen.Cost.Metered.Billed.Dollars, lives.Metered);
        Assert.Equal(["00:30:00 None True", "00:00:00 DiskOnly False"], await _database.Source.ListAsync<string>(
            "select (until_at - from_at)::text || ' ' || billed || ' ' || case when over_at is null then 'False' else 'True' end from orchestrator.spared where provider = 'local' order by from_at", null, default));
    }

    private LedgerStore Ledger => new(_database.Source);

    private MeterWatch Meter() => new(Ledger, new ProviderSet([_account]), _database.Jobs, NullLogger<MeterWatch>.Instance);

    private ChargeWatch Charges() => new(
        Ledger, new ChargeStore(_database.Source), new ProviderSet([_account]), _database.Jobs, new AlertStore(_database.Source), new EngineOptions { ServerId = "s", Connection = "" }, NullLogger<ChargeWatch>.Instance);

    private EngineCostDesk Desk() => new(Ledger, new OrphanStore(_database.Source), _database.Jobs, new ProviderSet([_account]));

    private static InstanceCharge Charge(string instance, decimal dollars) => new() { InstanceId = instance, Total = Money.FromDollars(dollars), Compute = Money.FromDollars(dollars) };

    /// <summary>So much time passes since the last look.</summary>
    private Task LaterAsync(TimeSpan time) => _database.ScalarAsync(
        FormattableString.Invariant($"update orchestrator.charged set asked_at = asked_at - make_interval(secs => {time.TotalSeconds}), changed_at = changed_at - make_interval(secs => {time.TotalSeconds}); update orchestrator.charge_looks set asked_at = asked_at - make_interval(secs => {time.TotalSeconds})"));

    private async Task<JobId> LaunchedAsync(TimeSpan ago)
    {
        var job = await _database.SubmitAsync();
        await AppendAsync(job, at => [.. StoreDatabase.Planned(job, at - ago), .. StoreDatabase.Found(at - ago)]);
        return job;
    }

    private Task EndAsync(JobId job, TimeSpan ago, EndReason reason = EndReason.Cancelled) => AppendAsync(job, at =>
    [
        new AttemptEnding(1, reason, null) { At = at - ago, Why = "over" },
        new PhaseEntered(1, AttemptPhase.Terminating) { At = at - ago, Why = "away" },
        new DestroyAccepted(1) { At = at - ago, Why = "accepted" },
        new AttemptEnded(1, reason, Money.FromDollars(1), reason.IsInterruption()) { At = at - ago, Why = "gone" },
    ]);

    private async Task AppendAsync(JobId job, Func<DateTimeOffset, ImmutableArray<JobEvent>> what)
    {
        var lease = await _database.LeaseAsync(job);
        Assert.True(await _database.AppendAsync(lease, what(lease.Now)));
        await _database.Jobs.ReleaseAsync(lease, null, default);
    }
}
