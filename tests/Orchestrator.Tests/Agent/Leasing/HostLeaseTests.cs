using Microsoft.Extensions.Time.Testing;
using Orchestrator.Agent.Attaching;
using Orchestrator.Agent.Journal;
using Orchestrator.Agent.Leasing;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Agent.Leasing;

public sealed class HostLeaseTests : IDisposable
{
    private static readonly Uri _address = new("https://example.org/api/v0/instances/7/");

    private readonly string _folder = Directory.CreateTempSubdirectory("orc-lease-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Uri?> _ended = new();
    private readonly AgentJournal _journal;
    private readonly ServerPresence _presence;

    public HostLeaseTests()
    {
        _journal = new AgentJournal(Path.Combine(_folder, "journal.jsonl"), _time, () => { });
        _presence = new ServerPresence(_time);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _journal.Dispose();
        _presence.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_host_that_nobody_leases_goes_on()
    {
        _ = Lease().KeepAsync(_stop.Token);
        Pass(100);
        _time.Advance(TimeSpan.FromDays(30));

        Assert.False(_ended.Task.IsCompleted);
    }

    [Fact]
    public async Task It_goes_on_while_it_is_renewed_and_ends_when_it_is_not()
    {
        var lease = Lease();
        _ = lease.KeepAsync(_stop.Token);
        for (var renewals = 0; renewals < 5; renewals++)
        {
            lease.Renew(new LeaseRenewal(default) { Seconds = 60, Destroy = _address });
            Pass(59);
            Assert.False(_ended.Task.IsCompleted);
        }

        Assert.Equal(_address, await EndedAsync());
    }

    [Fact]
    public async Task A_lease_that_ran_out_while_the_agent_was_away_is_over_when_it_comes_back()
    {
        Lease().Renew(new LeaseRenewal(default) { Seconds = 60 });
        _time.Advance(TimeSpan.FromSeconds(61));

        _ = Lease().KeepAsync(_stop.Token);

        Assert.Null(await EndedAsync());
    }

    [Theory]
    [InlineData(ProtocolVersion.LeaseSince - 1, false)]
    [InlineData(ProtocolVersion.LeaseSince, true)]
    public void A_server_that_knows_of_no_leases_holds_it_by_being_there(int minor, bool over)
    {
        var lease = Lease();
        lease.Renew(new LeaseRenewal(default) { Seconds = 60, Destroy = _address });
        _presence.Came(this, minor);
        for (var look = 0; look < 10; look++)
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            Assert.Equal(over && look >= 2, lease.IsOver());
        }

        // Kept as well, for an agent that comes up in between.
        Assert.Equal(over, Lease().IsOver());
        _presence.Left(this);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(lease.IsOver());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    public void Nonsense_is_no_lease(double? seconds)
    {
        var lease = Lease();
        lease.Renew(new LeaseRenewal(default) { Seconds = seconds });
        _ = lease.KeepAsync(_stop.Token);
        Pass(10);

        Assert.False(_ended.Task.IsCompleted);
    }

    private HostLease Lease() => new(
        Path.Combine(_folder, "lease.json"),
        new ProblemReporter(_journal, _time),
        _presence,
        (address, _) =>
        {
            _ended.TrySetResult(address);
            return Task.CompletedTask;
        },
        _time);

    private void Pass(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private async Task<Uri?> EndedAsync()
    {
        while (!_ended.Task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await _ended.Task;
    }
}
