using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Xunit;

namespace Orchestrator.Tests.Providers;

public sealed class MachineLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lines _lines = new();
    private readonly SshHostProvider _provider;

    public MachineLineTests()
    {
        var agent = _folder.File("agent");
        File.WriteAllText(agent, "agent");
        _provider = new(new() { Machines = [Machine("near"), Machine("new")], AgentPath = agent }, new TwoCpus(), new FakeTimeProvider(), lines: _lines);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Offers_say_what_transfers_reached_there_and_nothing_where_there_were_none()
    {
        _lines.Known = _lines.Known.Add("ssh/near", new() { Host = "ssh/near", DownMbps = 640 });

        var offers = await _provider.ListOffersAsync(default);

        Assert.Equal(
            [("ssh/near", 640d, null), ("ssh/near", 640d, null), ("ssh/new", null, null), ("ssh/new", null, null)],
            offers.Select(offer => (offer.Host!, offer.DownMbps, offer.UpMbps)));
    }

    private static SshMachine Machine(string name) => new() { Address = new() { Name = name, Host = name, User = "me" } };

    private sealed class Lines : IMachineLines
    {
        internal ImmutableSortedDictionary<string, MachineLine> Known { get; set; } = ImmutableSortedDictionary<string, MachineLine>.Empty;

        public Task<ImmutableSortedDictionary<string, MachineLine>> ListAsync(CancellationToken cancellation) => Task.FromResult(Known);
    }

    private sealed class TwoCpus : IMachineShell
    {
        public Task<ShellResult> RunAsync(MachineAddress machine, string script, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation) =>
            Task.FromResult(new ShellResult(
                0,
                script == MachineScripts.List ? "end\t1\n"
                : script == MachineScripts.Inventory ? "root\t/home/me/.orchestrator\nsystem\tLinux\ncpus\t2\nmemory\t16777216\nend\t1\n"
                : script == MachineScripts.Agent ? "ready 1\n"
                : throw new InvalidOperationException("a script that nobody expects here"),
                ""));

        public Task SendFileAsync(MachineAddress machine, string localPath, string remotePath, TimeSpan limit, CancellationToken cancellation) => Task.CompletedTask;
    }
}
