using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Xunit;

namespace Orchestrator.Tests.Providers;

public sealed class MachineBanTests
{
    private static readonly LaunchRequest Launch = new()
    {
        Label = "orc-e1-7-1",
        JobName = "lora",
        Offer = new() { Provider = "ssh", OfferId = "lab-1:1", Capacity = CapacityType.OnDemand, HostKind = HostKind.Machine, Host = "ssh/lab-1", PricePerHour = Money.Zero },
    };

    private readonly Bans _bans = new();
    private readonly CountingShell _shell = new();
    private readonly SshHostProvider _provider;

    public MachineBanTests() => _provider = new(
        new() { Machines = [new() { Address = new() { Name = "lab-1", Host = "10.0.0.5", User = "ada" } }], AgentPath = "/no-such-agent" }, _shell, new FakeTimeProvider(), _bans);

    [Fact]
    public async Task A_banned_machine_offers_nothing_and_is_not_asked()
    {
        _bans.Ban("lab-1", "its fan is loud");

        Assert.Empty(await _provider.ListOffersAsync(default));
        Assert.Equal(0, _shell.Calls);
    }

    [Fact]
    public async Task An_offer_from_before_the_ban_is_refused_and_surely_nothing_was_begun()
    {
        _bans.Ban("lab-1", "its fan is loud");

        var refused = await Assert.ThrowsAsync<ProviderException>(() => _provider.CreateAsync(Launch, default));

        Assert.Equal(ProviderErrorKind.NoCapacity, refused.Kind);
        Assert.Contains("its fan is loud", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, _shell.Calls);
    }

    [Fact]
    public async Task Where_bans_cannot_be_read_nothing_is_begun()
    {
        _bans.Failure = new(ProviderErrorKind.Transient, "the database is away");

        Assert.Equal(ProviderErrorKind.Transient, (await Assert.ThrowsAsync<ProviderException>(() => _provider.ListOffersAsync(default))).Kind);
        Assert.Equal(ProviderErrorKind.NoCapacity, (await Assert.ThrowsAsync<ProviderException>(() => _provider.CreateAsync(Launch, default))).Kind);
        Assert.Equal(0, _shell.Calls);
    }

    [Fact]
    public async Task What_runs_on_a_banned_machine_is_still_asked_for()
    {
        _bans.Ban("lab-1", null);

        await Assert.ThrowsAsync<ProviderException>(() => _provider.ListInstancesAsync(default));

        Assert.True(_shell.Calls > 0);
    }

    private sealed class Bans : IMachineBans
    {
        private ImmutableSortedDictionary<string, MachineBan> _bans = ImmutableSortedDictionary<string, MachineBan>.Empty;

        internal ProviderException? Failure { get; set; }

        internal void Ban(string machine, string? reason) => _bans = _bans.Add(machine, new() { Machine = machine, Reason = reason });

        public Task<ImmutableSortedDictionary<string, MachineBan>> ListAsync(CancellationToken cancellation) => Failure is { } failure ? throw failure : Task.FromResult(_bans);
    }

    /// <summary>A machine that cannot be reached.</summary>
    private sealed class CountingShell : IMachineShell
    {
        private int _calls;

        internal int Calls => Volatile.Read(ref _calls);

        public Task<ShellResult> RunAsync(MachineAddress machine, string script, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _calls);
            throw new ProviderException(ProviderErrorKind.Transient, "no route");
        }

        public Task SendFileAsync(MachineAddress machine, string localPath, string remotePath, TimeSpan limit, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _calls);
            throw new ProviderException(ProviderErrorKind.Transient, "no route");
        }
    }
}
