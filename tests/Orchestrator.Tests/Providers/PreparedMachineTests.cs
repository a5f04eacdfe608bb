using Microsoft.Extensions.Time.Testing;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Xunit;

namespace Orchestrator.Tests.Providers;

/// <summary>A machine that takes its time to be made ready (a large agent over a thin line) keeps nobody waiting for longer than is said.</summary>
public sealed class PreparedMachineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Slow _shell = new();
    private readonly SshHostOptions _options;

    public PreparedMachineTests()
    {
        var agent = _folder.File("agent");
        File.WriteAllText(agent, "agent");
        _options = new() { Machines = [new() { Address = new() { Name = "far", Host = "far", User = "me" } }], AgentPath = agent };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whoever_asks_waits_by_the_given_clock_and_finds_it_done_later()
    {
        var provider = new SshHostProvider(_options, _shell, _time);
        var offers = provider.ListOffersAsync(default);
        _time.Advance(_options.PrepareWait - TimeSpan.FromSeconds(1));
        Assert.False(offers.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));
        var refused = await Assert.ThrowsAsync<ProviderException>(() => offers);
        Assert.Equal((ProviderErrorKind.Transient, "machine far is being prepared (inventory, copy of the agent)"), (refused.Kind, refused.Message));

        _shell.Inventory.SetResult();
        Assert.Equal("ssh/far", Assert.Single(await provider.ListOffersAsync(default)).Host);
    }

    private sealed class Slow : IMachineShell
    {
        internal TaskCompletionSource Inventory { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<ShellResult> RunAsync(MachineAddress machine, string script, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation)
        {
            if (script == MachineScripts.Inventory)
            {
                await Inventory.Task;
                return new(0, "root\t/home/me/.orchestrator\nsystem\tLinux\ncpus\t1\nmemory\t16777216\nend\t1\n", "");
            }

            return new(0, script == MachineScripts.List ? "end\t1\n" : script == MachineScripts.Agent ? "ready 1\n" : throw new InvalidOperationException("a script that nobody expects here"), "");
        }

        public Task SendFileAsync(MachineAddress machine, string localPath, string remotePath, TimeSpan limit, CancellationToken cancellation) => Task.CompletedTask;
    }
}
