using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Providers;

/// <summary>When a rental ends is told by whoever reads the newest configuration, and by nobody else.</summary>
public sealed class MachineTermTests : IDisposable
{
    private static readonly DateTimeOffset _friday = new(2026, 1, 2, 18, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly Newest _terms = new();
    private readonly SshHostProvider _provider;

    public MachineTermTests()
    {
        var agent = _folder.File("agent");
        File.WriteAllText(agent, "agent");
        var machine = new SshMachine { Address = new() { Name = "box", Host = "box", User = "me" }, Expires = _friday };
        _provider = new(new() { Machines = [machine], AgentPath = agent }, new Box(), new FakeTimeProvider(_friday.AddDays(-1)), terms: _terms);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_that_reads_an_older_configuration_does_not_tell_when_rentals_end()
    {
        Assert.Equal(new RentalTerm(_friday), Assert.Single(await _provider.ListInstancesAsync(default)).Term);

        _terms.Settled = [];
        Assert.Null(Assert.Single(await _provider.ListInstancesAsync(default)).Term);
    }

    private sealed class Newest : IMachineTerms
    {
        internal ImmutableHashSet<string> Settled { get; set; } = ["box"];

        public Task<ImmutableHashSet<string>> SettledAsync(IReadOnlyList<SshMachine> machines, CancellationToken cancellation) => Task.FromResult(Settled);
    }

    private sealed class Box : IMachineShell
    {
        public Task<ShellResult> RunAsync(MachineAddress machine, string script, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation) => Task.FromResult(new ShellResult(
            0,
            script == MachineScripts.List ? "instance\ti-0123456789ab\torc-e1-7-1\trunning\tpid 5\nend\t1\n"
            : script == MachineScripts.Inventory ? "root\t/r\ncpus\t1\nmemory\t16777216\nend\t1\n"
            : "ready 1\n",
            ""));

        public Task SendFileAsync(MachineAddress machine, string localPath, string remotePath, TimeSpan limit, CancellationToken cancellation) => Task.CompletedTask;
    }
}
