using System.Diagnostics;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Providers;
using Orchestrator.Providers.Local;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

public sealed class LocalProviderConformance : ProviderConformance
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-local-").FullName;
    private LocalProvider? _provider;
    private LocalFaults _faults = new();

    protected override IProvider Provider => _provider ??= Build();

    [Fact]
    public async Task A_process_that_left_the_instances_session_is_destroyed_with_it()
    {
        var id = await CreateAsync("orc-test-9-1");
        var start = new ProcessStartInfo("setsid", ["sleep", "300"]);
        start.Environment["ORCHESTRATOR_INSTANCE"] = id;
        using var stray = Process.Start(start)!;

        await Provider.DestroyAsync(id, CancellationToken.None);

        Assert.True(stray.WaitForExit(TimeSpan.FromSeconds(10)), "the stray process lives on");
    }

    [Fact]
    public async Task An_instance_whose_root_was_wiped_is_still_listed_and_destroyed()
    {
        var id = await CreateAsync("orc-test-10-1");
        var root = Path.Combine(_folder, "instances", id, "root");
        foreach (var entry in Directory.EnumerateFileSystemEntries(root).Where(entry => Path.GetFileName(entry) != "agent"))
        {
            File.Delete(entry);
        }

        var listed = Assert.Single(await Provider.ListInstancesAsync(CancellationToken.None));
        var pid = listed.Words.Split(' ')[^1];
        Assert.True(Directory.Exists("/proc/" + pid), listed.Words);
        await Provider.DestroyAsync(id, CancellationToken.None);
        await Eventually.TrueAsync(() => !Directory.Exists("/proc/" + pid), "the supervisor is gone");
    }

    [Fact]
    public async Task Names_that_are_no_text_and_read_only_folders_do_not_keep_an_instance()
    {
        var id = await CreateAsync("orc-test-11-1");
        var root = Path.Combine(_folder, "instances", id, "root");
        using (var shell = Process.Start("bash", ["-c", "mkdir -p \"$0/ckpt/\"$'\\xff\\xfe' \"$0/cache/mod\" && touch \"$0/cache/mod/a\" && chmod -R a-w \"$0/cache\"", root]))
        {
            await shell.WaitForExitAsync();
            Assert.Equal(0, shell.ExitCode);
        }

        await Provider.DestroyAsync(id, CancellationToken.None);

        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public async Task A_create_call_that_cannot_run_the_agent_leaves_nothing_behind()
    {
        var provider = new LocalProvider(new LocalProviderOptions { InstancesFolder = Path.Combine(_folder, "instances"), AgentPath = Path.Combine(_folder, "no-agent") }, TimeProvider.System);
        var offer = (await provider.ListOffersAsync(CancellationToken.None))[0];

        var refused = await Assert.ThrowsAsync<ProviderException>(() => provider.CreateAsync(Request("orc-test-12-1", offer), CancellationToken.None));

        Assert.Equal(ProviderErrorKind.Rejected, refused.Kind);
        Assert.Empty(await provider.ListInstancesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_folder_without_our_card_is_never_listed_and_never_touched()
    {
        var foreign = Directory.CreateDirectory(Path.Combine(_folder, "instances", "mine"));
        await File.WriteAllTextAsync(Path.Combine(foreign.FullName, "thesis.txt"), "three years of work");

        Assert.DoesNotContain(await Provider.ListInstancesAsync(CancellationToken.None), instance => instance.InstanceId == "mine");
        await Assert.ThrowsAsync<ProviderException>(() => Provider.DestroyAsync("mine", CancellationToken.None));
        Assert.True(File.Exists(Path.Combine(foreign.FullName, "thesis.txt")));
    }

    [Fact]
    public async Task An_id_is_never_followed_out_of_the_folder()
    {
        await Assert.ThrowsAsync<ProviderException>(() => Provider.DestroyAsync("../..", CancellationToken.None));
        Assert.True(Directory.Exists(_folder));
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    protected override IProvider StartAnew() => Build();

    protected override void LoseNextReply() => Rebuild(new LocalFaults { LoseReplies = 1 });

    protected override void RefuseNextCreate() => Rebuild(new LocalFaults { Refuse = 1 });

    protected override void FailNextList() => Rebuild(new LocalFaults { FailList = 1 });

    protected override async Task KillAsync(string instanceId)
    {
        var root = Path.Combine(_folder, "instances", instanceId, "root");
        using var killer = Process.Start(AgentBinary.Path, ["destroy", "--root", root]);
        await killer.WaitForExitAsync();
        Assert.Equal(0, killer.ExitCode);
    }

    private void Rebuild(LocalFaults faults)
    {
        _faults = faults;
        _provider = Build();
    }

    private LocalProvider Build() => new(
        new LocalProviderOptions { InstancesFolder = Path.Combine(_folder, "instances"), AgentPath = AgentBinary.Path, Cpus = 4, Faults = _faults },
        TimeProvider.System);
}
