using Microsoft.Extensions.Time.Testing;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Xunit;

namespace Orchestrator.Tests.Providers;

/// <summary>A machine that nothing new may begin on, seen by a server that has just started: what runs there goes on and can be ended.</summary>
public sealed class UnfitMachineTests : IDisposable
{
    private const string Began = "2222222222222222222222222222222222222222222222222222222222222222";

    private readonly TemporaryFolder _folder = new();
    private readonly Box _box = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SshHostProvider _provider;

    public UnfitMachineTests()
    {
        var agent = _folder.File("agent");
        File.WriteAllText(agent, "agent");
        _provider = new(new() { Machines = [new() { Address = new() { Name = "h2", Host = "h2", User = "me" } }], AgentPath = agent }, _box, _time);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("trouble\tnvidia-smi fails: Driver/library version mismatch\n", "ready 1", "Driver/library version mismatch")]
    [InlineData("", "refused no space left on device", "no space left on device")]
    [InlineData("refused\tcannot write to /r\n", "ready 1", "cannot write to /r")]
    public async Task What_runs_there_is_listed_reached_and_ended(string inventory, string agent, string why)
    {
        (_box.Inventory, _box.Agent) = (inventory, agent);

        var seen = await _provider.ListWhatAnswersAsync(default);
        var endpoint = Assert.IsType<SshEndpoint>(await _provider.GetEndpointAsync("h2.i-0123456789ab", default));
        await _provider.DestroyAsync("h2.i-0123456789ab", default);

        Assert.True(seen.IsWhole && seen.SpeaksFor("ssh/h2"));
        Assert.Equal("h2.i-0123456789ab", Assert.Single(seen.Instances).InstanceId);
        // Ours may not be there: the one that began it is.
        Assert.Equal($"/r/agents/{Began}/orchestrator-agent", endpoint.AgentPath);
        Assert.True(_box.Destroyed);
        var refused = await Assert.ThrowsAsync<ProviderException>(() => _provider.ListOffersAsync(default));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, Assert.Single(_provider.Machines).Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_it_is_mended_it_is_used_again()
    {
        _box.Inventory = "trouble\tnvidia-smi fails\n";
        await Assert.ThrowsAsync<ProviderException>(() => _provider.ListOffersAsync(default));
        _box.Inventory = "";
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Single(await _provider.ListOffersAsync(default));
        Assert.Null(Assert.Single(_provider.Machines).Trouble);
    }

    private sealed class Box : IMachineShell
    {
        internal string Inventory { get; set; } = "";

        internal string Agent { get; set; } = "ready 1";

        internal bool Destroyed { get; private set; }

        public Task<ShellResult> RunAsync(MachineAddress machine, string script, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation)
        {
            Destroyed |= script == MachineScripts.Destroy;
            return Task.FromResult(new ShellResult(
                0,
                script == MachineScripts.List ? $"instance\ti-0123456789ab\torc-e1-7-1\trunning\tpid 5\nagent\ti-0123456789ab\t{Began}\nend\t1\n"
                : script == MachineScripts.Inventory ? $"root\t/r\ncpus\t1\nmemory\t16777216\n{Inventory}end\t1\n"
                : script == MachineScripts.Agent ? Agent + "\n"
                : "destroyed\n",
                ""));
        }

        public Task SendFileAsync(MachineAddress machine, string localPath, string remotePath, TimeSpan limit, CancellationToken cancellation) => Task.CompletedTask;
    }
}
