using Microsoft.Extensions.Time.Testing;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Xunit;

namespace Orchestrator.Tests.Providers;

/// <summary>Two names for one folder: what each of them lists is the other's as well, and each would destroy the other's as its own double.</summary>
public sealed class SharedFolderTests : IDisposable
{
    private const string OneId = "0b8a6a5e-8f0e-4f0c-9a57-5f8f2b3e9d11";

    private readonly TemporaryFolder _folder = new();
    private readonly Folders _shell = new();
    private readonly SshHostProvider _provider;

    public SharedFolderTests()
    {
        var agent = _folder.File("agent");
        File.WriteAllText(agent, "agent");
        _provider = new(new() { Machines = [Machine("alone"), Machine("h1"), Machine("twin")], AgentPath = agent }, _shell, new FakeTimeProvider());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Neither_name_is_listed_or_offered_and_a_person_reads_why()
    {
        var seen = await _provider.ListWhatAnswersAsync(default);

        Assert.Equal("alone.i-0123456789ab", Assert.Single(seen.Instances).InstanceId);
        Assert.True(seen.SpeaksFor("ssh/alone") && !seen.SpeaksFor("ssh/h1") && !seen.SpeaksFor("ssh/twin") && !seen.IsWhole);
        Assert.Equal(["ssh/h1", "ssh/twin"], seen.Withheld.Keys);
        Assert.Contains("machine h1 has the same folder as twin", seen.Withheld["ssh/h1"], StringComparison.Ordinal);
        Assert.All(await _provider.ListOffersAsync(default), offer => Assert.Equal("ssh/alone", offer.Host));
        Assert.Contains("machine twin has the same folder as h1", _provider.Machines[2].Trouble, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ProviderException>(() => _provider.ListInstancesAsync(default));
    }

    [Fact]
    public async Task Nothing_new_begins_under_either_name_and_what_is_on_the_books_can_still_be_ended()
    {
        await _provider.ListWhatAnswersAsync(default);

        var refused = await Assert.ThrowsAsync<ProviderException>(() => _provider.CreateAsync(
            new()
            {
                Label = "orc-e1-7-1", JobName = "lora",
                Offer = new() { Provider = "ssh", OfferId = "h1:1", Capacity = CapacityType.OnDemand, HostKind = HostKind.Machine, Host = "ssh/h1", PricePerHour = Money.Zero },
            },
            default));
        Assert.Equal(ProviderErrorKind.NoCapacity, refused.Kind);
        await _provider.DestroyAsync("h1.i-0123456789ab", default);

        Assert.Equal("h1", Assert.Single(_shell.Destroyed));
    }

    [Fact]
    public async Task Once_each_has_a_folder_of_its_own_both_are_used()
    {
        await _provider.ListWhatAnswersAsync(default);
        _shell.TwinsId = "5c9f0f43-0c5d-4a6a-8f5f-2f9f4d0e7a22";

        var seen = await _provider.ListWhatAnswersAsync(default);

        Assert.True(seen.IsWhole && seen.Withheld.IsEmpty);
        Assert.Equal(3, (await _provider.ListOffersAsync(default)).Count);
    }

    private static SshMachine Machine(string name) => new() { Address = new() { Name = name, Host = name, User = "me" } };

    /// <summary>Machines with one CPU and one instance each, two of which are one.</summary>
    private sealed class Folders : IMachineShell
    {
        internal string TwinsId { get; set; } = OneId;

        internal List<string> Destroyed { get; } = [];

        public Task<ShellResult> RunAsync(MachineAddress machine, string script, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation)
        {
            if (script == MachineScripts.Destroy)
            {
                Destroyed.Add(machine.Name);
                return Said("destroyed\n");
            }

            return Said(
                script == MachineScripts.List ? $"instance\ti-0123456789ab\torc-e1-7-1\trunning\tpid 5\nid\t{IdOf(machine.Name)}\nend\t1\n"
                : script == MachineScripts.Inventory ? "root\t/home/me/.orchestrator\nsystem\tLinux\ncpus\t1\nmemory\t16777216\nend\t1\n"
                : script == MachineScripts.Agent ? "ready 1\n"
                : throw new InvalidOperationException("a script that nobody expects here"));
        }

        public Task SendFileAsync(MachineAddress machine, string localPath, string remotePath, TimeSpan limit, CancellationToken cancellation) => Task.CompletedTask;

        private string IdOf(string machine) => machine switch { "alone" => "7d0c4a52-3f4b-4d57-9f0a-1a2b3c4d5e6f", "twin" => TwinsId, _ => OneId };

        private static Task<ShellResult> Said(string text) => Task.FromResult(new ShellResult(0, text, ""));
    }
}
