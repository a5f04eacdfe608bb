using System.Diagnostics;
using Orchestrator.Attempts;
using Orchestrator.Drills.Kit;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.IntegrationTests.Support.Ssh;
using Orchestrator.Jobs;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>A machine with a real sshd. Where there is none this fails rather than passes unseen: scripts/test installs it.</summary>
public sealed partial class SshHostProviderConformance : ProviderConformance, IClassFixture<TestMachine>
{
    private readonly TestMachine _machine;
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-ssh-").FullName;
    private readonly SshNetwork _network;
    private readonly TroubledShell _shell;
    private readonly SshHostProvider _provider;

    public SshHostProviderConformance(TestMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _machine = machine;
        _network = new(new KnownMachines(Path.Combine(_folder, "known-machines")), new SshSettings());
        _shell = new(new SshShell(_network));
        _provider = Build(machine.Machine);
    }

    protected override IProvider Provider => _provider;

    protected override TimeSpan BootLimit => TimeSpan.FromSeconds(90);

    [Fact]
    public async Task An_older_attempt_of_a_job_keeps_the_next_one_off_the_machine_until_it_is_ended()
    {
        var old = await CreateAsync("orc-test-22-1");

        var refused = await Assert.ThrowsAsync<ProviderException>(() => CreateAsync("orc-test-22-2"));

        Assert.Equal(ProviderErrorKind.NoCapacity, refused.Kind);
        Assert.Contains("orc-test-22-1, an older attempt of this job, is still on this machine", refused.Message, StringComparison.Ordinal);
        await Provider.DestroyAsync(old, CancellationToken.None);
        await CreateAsync("orc-test-22-2");
    }

    [Fact]
    public async Task A_machine_that_was_restarted_lists_its_instances_as_stopped_and_its_agent_is_not_copied_again()
    {
        var id = await CreateAsync("orc-test-23-1");
        await KillAsync(id);
        var record = Path.Combine(_machine.Instances, id.Split('.')[1], "root", "agent", "supervisor.json");
        await File.WriteAllTextAsync(record, """{"bootId":"00000000-0000-0000-0000-000000000000","pid":1,"startTicks":1}""");

        var listed = Assert.Single(await Provider.ListInstancesAsync(CancellationToken.None));
        Assert.Equal((InstanceStatus.Stopped, "the machine was restarted"), (listed.Status, listed.Words));

        var before = _shell.Copies;
        await Build(_machine.Machine).ListOffersAsync(CancellationToken.None);
        Assert.Equal(before, _shell.Copies);
    }

    [Fact]
    public async Task A_damaged_agent_there_is_replaced()
    {
        await Provider.ListOffersAsync(CancellationToken.None);
        var agent = Assert.Single(Directory.GetFiles(Path.Combine(_machine.Root, "agents"), "orchestrator-agent", SearchOption.AllDirectories));
        var size = new FileInfo(agent).Length;
        await File.WriteAllBytesAsync(agent, new byte[size]);

        await Build(_machine.Machine).ListOffersAsync(CancellationToken.None);

        Assert.Equal(await File.ReadAllBytesAsync(AgentBinary.Path), await File.ReadAllBytesAsync(agent));
    }

    [Fact]
    public async Task Agents_of_other_versions_are_removed_when_nothing_runs_them_and_nobody_asked_for_them_lately()
    {
        await CreateAsync("orc-test-26-1");
        var agents = Path.Combine(_machine.Root, "agents");
        var current = Assert.Single(Directory.GetDirectories(agents), folder => Path.GetFileName(folder).Length == 64);
        string Put(char letter, bool isOld)
        {
            var folder = Directory.CreateDirectory(Path.Combine(agents, new string(letter, 64))).FullName;
            File.WriteAllText(Path.Combine(folder, "orchestrator-agent"), "");
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddDays(isOld ? -3 : 0));
            return folder;
        }

        var (unused, lately, running) = (Put('a', isOld: true), Put('b', isOld: false), Put('c', isOld: true));
        var notOurs = Directory.CreateDirectory(Path.Combine(agents, "mine")).FullName;
        Directory.SetLastWriteTimeUtc(notOurs, DateTime.UtcNow.AddDays(-3));
        Directory.SetLastWriteTimeUtc(current, DateTime.UtcNow.AddDays(-3));
        var older = Directory.CreateDirectory(Path.Combine(_machine.Instances, "i-0123456789ab")).FullName;
        await File.WriteAllTextAsync(Path.Combine(older, "card"), "label=orc-test-27-1\nagent=" + new string('c', 64) + "\n");

        await Build(_machine.Machine).ListOffersAsync(CancellationToken.None);

        Assert.Equal((false, true, true, true, true), (Directory.Exists(unused), Directory.Exists(lately), Directory.Exists(running), Directory.Exists(notOurs), Directory.Exists(current)));
        foreach (var folder in (string[])[lately, running, notOurs, older])
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_process_that_left_the_instances_session_is_destroyed_with_it()
    {
        var id = await CreateAsync("orc-test-24-1");
        var start = new ProcessStartInfo("setsid", ["sleep", "300"]);
        start.Environment["ORCHESTRATOR_INSTANCE"] = id.Split('.')[1];
        using var stray = Process.Start(start)!;

        await Provider.DestroyAsync(id, CancellationToken.None);

        Assert.True(stray.WaitForExit(TimeSpan.FromSeconds(10)), "the stray process lives on");
        Assert.False(Directory.Exists(Path.Combine(_machine.Instances, id.Split('.')[1])));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_machine.Root, "slots")));
    }

    [Fact]
    public async Task A_folder_without_our_card_is_never_listed_and_an_id_is_never_followed_out_of_the_folder()
    {
        await Provider.ListOffersAsync(CancellationToken.None);
        var thesis = Path.Combine(Directory.CreateDirectory(Path.Combine(_machine.Instances, "mine")).FullName, "thesis.txt");
        await File.WriteAllTextAsync(thesis, "three years of work");

        Assert.Empty(await Provider.ListInstancesAsync(CancellationToken.None));
        foreach (var id in (string[])["box.mine", "box.../../..", "mine", "box.i-000000000000/../mine"])
        {
            var refused = await Assert.ThrowsAsync<ProviderException>(() => Provider.DestroyAsync(id, CancellationToken.None));
            Assert.Equal(ProviderErrorKind.NotFound, refused.Kind);
        }

        Assert.True(File.Exists(thesis));
    }

    [Fact]
    public async Task A_machine_that_does_not_answer_is_unknown_and_blinds_nobody_to_the_others()
    {
        var away = _machine.Machine with { Address = _machine.Address with { Name = "away", Port = Sshd.FreePort(_machine.Ip) } };
        var both = Build(_machine.Machine, away);
        var id = await CreateAsync("orc-test-25-1");

        var seen = await both.ListWhatAnswersAsync(CancellationToken.None);

        Assert.Equal(id, Assert.Single(seen.Instances).InstanceId);
        Assert.True(seen.SpeaksFor("ssh/box") && !seen.SpeaksFor("ssh/away") && !seen.SpeaksFor("ssh/removed") && !seen.IsWhole);
        await Assert.ThrowsAsync<ProviderException>(() => both.ListInstancesAsync(CancellationToken.None));
        Assert.All(await both.ListOffersAsync(CancellationToken.None), offer => Assert.Equal("ssh/box", offer.Host));
        // Neither "not there" nor "gone": nobody knows.
        var unknown = await Assert.ThrowsAsync<ProviderException>(() => both.DestroyAsync("away.i-0123456789ab", CancellationToken.None));
        Assert.Equal(ProviderErrorKind.Transient, unknown.Kind);
        var removed = await Assert.ThrowsAsync<ProviderException>(() => both.DestroyAsync("removed.i-0123456789ab", CancellationToken.None));
        Assert.Equal(ProviderErrorKind.Transient, removed.Kind);
    }

    [Fact]
    public async Task One_machine_under_two_names_is_used_under_neither_and_its_instances_are_nobodys_doubles()
    {
        await CreateAsync("orc-test-26-1");
        var both = Build(_machine.Machine, _machine.Machine with { Address = _machine.Address with { Name = "twin" } });

        var seen = await both.ListWhatAnswersAsync(CancellationToken.None);

        Assert.Empty(seen.Instances);
        Assert.Equal(["ssh/box", "ssh/twin"], seen.Withheld.Keys);
        await Assert.ThrowsAsync<ProviderException>(() => both.ListOffersAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_folder_that_others_use_keeps_its_mode_and_gets_none_of_ours()
    {
        var shared = Directory.CreateDirectory(Path.Combine(_folder, "shared")).FullName;
        await File.WriteAllTextAsync(Path.Combine(shared, "thesis.txt"), "");
        var mode = File.GetUnixFileMode(shared);

        var refused = await Assert.ThrowsAsync<ProviderException>(() => Build(_machine.Machine with { Root = shared }).ListOffersAsync(CancellationToken.None));

        Assert.Contains($"name a folder of its own below it, for example root: {shared}/orchestrator", refused.Message, StringComparison.Ordinal);
        Assert.Equal(mode, File.GetUnixFileMode(shared));
        Assert.Single(Directory.GetFileSystemEntries(shared));
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var folder in (string[])[_machine.Instances, Path.Combine(_machine.Root, "slots")])
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        _network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    protected override IProvider StartAnew() => Build(_machine.Machine);

    protected override void LoseNextReply() => _shell.LoseLaunchReply = true;

    /// <summary>Somebody else takes the slots between the offer and the launch.</summary>
    protected override void RefuseNextCreate() => _shell.BeforeLaunch = () =>
    {
        var other = Directory.CreateDirectory(Path.Combine(_machine.Instances, "other")).FullName;
        File.WriteAllText(Path.Combine(other, "card"), "");
        foreach (var slot in (string[])["0", "1"])
        {
            var link = Path.Combine(_machine.Root, "slots", slot);
            File.Delete(link);
            File.CreateSymbolicLink(link, "other");
        }
    };

    protected override void FailNextList() => _shell.FailList = true;

    protected override async Task KillAsync(string instanceId)
    {
        using var killer = Process.Start(AgentBinary.Path, ["destroy", "--root", Path.Combine(_machine.Instances, instanceId.Split('.')[1], "root")]);
        await killer.WaitForExitAsync();
        Assert.Equal(0, killer.ExitCode);
    }

    private SshHostProvider Build(params SshMachine[] machines) =>
        new(new SshHostOptions { Machines = [.. machines], AgentPath = AgentBinary.Path, RetryAfter = TimeSpan.Zero, ActLimit = TimeSpan.FromSeconds(60), AskLimit = TimeSpan.FromSeconds(40), PrepareWait = TimeSpan.FromSeconds(60) }, _shell, TimeProvider.System);
}
