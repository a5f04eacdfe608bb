using Microsoft.Extensions.Time.Testing;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Xunit;

namespace Orchestrator.Tests.Providers;

/// <summary>A machine that is off, or answers what nobody foresaw, beside one that answers: it costs the other neither its list nor its time.</summary>
public sealed class OddMachineTests : IDisposable
{
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly TwoMachines _shell = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SshHostProvider _provider;

    public OddMachineTests()
    {
        var agent = _folder.File("agent");
        File.WriteAllText(agent, "agent");
        _provider = new(new() { Machines = [Machine("good"), Machine("odd")], AgentPath = agent }, _shell, _time);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_nobody_foresaw_of_one_is_unknown_and_blinds_nobody_to_the_other()
    {
        _shell.Odd = _ => throw new ArgumentException("an argument with control characters");

        var seen = await _provider.ListWhatAnswersAsync(default);

        Assert.True(seen.SpeaksFor("ssh/good") && !seen.SpeaksFor("ssh/odd") && !seen.IsWhole);
        Assert.Equal("ssh/good", Assert.Single(await _provider.ListOffersAsync(default)).Host);
        Assert.Contains("control characters", _provider.Machines[1].Trouble, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<ProviderException>(() => _provider.ListInstancesAsync(default));
        Assert.Equal(ProviderErrorKind.Transient, unknown.Kind);
    }

    [Theory]
    [InlineData("/x\u0001")]
    [InlineData("/x\u0085y")]
    public async Task A_folder_that_cannot_be_part_of_a_command_is_refused(string root)
    {
        _shell.Odd = script => Said(script == MachineScripts.Inventory ? $"root\t{root}\ncpus\t4\nmemory\t16777216\nend\t1\n" : throw new InvalidOperationException("asked of a folder that it must not be asked of"));

        Assert.Single(await _provider.ListOffersAsync(default));

        Assert.Contains("control characters", _provider.Machines[1].Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_machine_wants_the_agent_put_into_is_our_own_folder_whatever_it_says()
    {
        var wanted = true;
        _shell.Odd = script => script == MachineScripts.Agent && wanted ? Said("wanted /etc/\u0001\n") : Good(script);
        _shell.Sent = path =>
        {
            wanted = false;
            Assert.StartsWith("/r/agents/", path, StringComparison.Ordinal);
        };

        Assert.Equal(2, (await _provider.ListOffersAsync(default)).Count);
        Assert.False(wanted);
    }

    [Fact]
    public async Task One_that_is_off_is_asked_again_in_the_background_while_everybody_gets_its_last_refusal()
    {
        _shell.Odd = _ => throw new ProviderException(ProviderErrorKind.Transient, "machine odd: no answer within 12 s");
        await _provider.ListWhatAnswersAsync(default);
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        _shell.Odd = async script =>
        {
            asked.TrySetResult();
            await answer.Task;
            return await Good(script);
        };
        _time.Advance(TimeSpan.FromSeconds(11));

        // It does not come to an end: nobody waits for it.
        var seen = await _provider.ListWhatAnswersAsync(default).WaitAsync(_long);
        Assert.True(seen.SpeaksFor("ssh/good") && !seen.SpeaksFor("ssh/odd"));
        Assert.Equal("ssh/good", Assert.Single(await _provider.ListOffersAsync(default).WaitAsync(_long)).Host);
        await asked.Task.WaitAsync(_long);

        answer.SetResult();
        var deadline = Environment.TickCount64 + (long)_long.TotalMilliseconds;
        while (!(await _provider.ListWhatAnswersAsync(default)).SpeaksFor("ssh/odd"))
        {
            Assert.True(Environment.TickCount64 < deadline, "it is never listed again");
            await Task.Yield();
        }

        Assert.Equal(2, (await _provider.ListOffersAsync(default)).Count);
    }

    [Fact]
    public async Task Whoever_asks_of_one_that_nobody_has_asked_for_long_waits_for_its_answer()
    {
        _shell.Odd = _ => throw new ProviderException(ProviderErrorKind.Transient, "machine odd: no answer within 12 s");
        await _provider.ListWhatAnswersAsync(default);
        _shell.Odd = Good;
        _time.Advance(TimeSpan.FromHours(1));

        Assert.True((await _provider.ListWhatAnswersAsync(default)).IsWhole);
    }

    [Fact]
    public async Task A_persons_look_is_a_look_now()
    {
        _shell.Odd = _ => throw new ProviderException(ProviderErrorKind.Transient, "machine odd: no answer within 12 s");
        await _provider.ListWhatAnswersAsync(default);
        _shell.Odd = Good;

        Assert.Null((await _provider.ExamineAsync("odd", default)).Trouble);
        Assert.True((await _provider.ListWhatAnswersAsync(default)).IsWhole);
    }

    /// <summary>Every tick of every job that was there owes it.</summary>
    [Fact]
    public async Task A_destroy_on_one_that_is_off_waits_for_nobody()
    {
        await _provider.ListWhatAnswersAsync(default);
        _shell.Odd = _ => throw new ProviderException(ProviderErrorKind.Transient, "machine odd: no answer within 12 s");
        await _provider.ListWhatAnswersAsync(default);
        _shell.Odd = script => script == MachineScripts.Destroy ? throw new InvalidOperationException("asked of a machine that is off") : Good(script);

        var refused = await Assert.ThrowsAsync<ProviderException>(() => _provider.DestroyAsync("odd.i-0123456789ab", default));
        Assert.Equal((ProviderErrorKind.Transient, "machine odd: no answer within 12 s"), (refused.Kind, refused.Message));

        _shell.Odd = Good;
        Assert.Null((await _provider.ExamineAsync("odd", default)).Trouble);
        await _provider.DestroyAsync("odd.i-0123456789ab", default);
    }

    /// <summary>A Docker that hangs keeps one destroy from its end, not the machine from being listed.</summary>
    [Fact]
    public async Task A_destroy_that_runs_into_its_limit_does_not_make_its_machine_one_that_is_away()
    {
        await _provider.ListWhatAnswersAsync(default);
        _shell.Odd = script => script == MachineScripts.Destroy ? throw new ProviderException(ProviderErrorKind.Transient, "machine odd: no answer within 25 s") : Good(script);

        await Assert.ThrowsAsync<ProviderException>(() => _provider.DestroyAsync("odd.i-0123456789ab", default));

        Assert.True((await _provider.ListWhatAnswersAsync(default)).IsWhole);
        Assert.Null(_provider.Machines[1].Trouble);
    }

    private static SshMachine Machine(string name) => new() { Address = new() { Name = name, Host = name, User = "me" } };

    private static Task<ShellResult> Said(string text) => Task.FromResult(new ShellResult(0, text, ""));

    private static Task<ShellResult> Good(string script) => Said(
        script == MachineScripts.List ? "end\t1\n"
        : script == MachineScripts.Inventory ? "root\t/r\ncpus\t1\nmemory\t16777216\nend\t1\n"
        : script == MachineScripts.Agent ? "ready 1\n"
        : "destroyed\n");

    private sealed class TwoMachines : IMachineShell
    {
        internal Func<string, Task<ShellResult>> Odd { get; set; } = Good;

        internal Action<string> Sent { get; set; } = _ => { };

        public Task<ShellResult> RunAsync(MachineAddress machine, string script, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation) =>
            machine.Name == "odd" ? Odd(script) : Good(script);

        public Task SendFileAsync(MachineAddress machine, string localPath, string remotePath, TimeSpan limit, CancellationToken cancellation)
        {
            Sent(remotePath);
            return Task.CompletedTask;
        }
    }
}
