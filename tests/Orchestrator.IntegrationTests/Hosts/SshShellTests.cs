using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Orchestrator.Drills.Kit;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.IntegrationTests.Support.Ssh;
using Orchestrator.Providers;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts;

/// <summary>What a shell over SSH does with good and bad machines, keys and networks, against a real sshd.</summary>
public sealed class SshShellTests : IAsyncLifetime
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);
    private readonly TestMachine _machine = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-shell-").FullName;
    private SshNetwork _network = null!;

    private KnownMachines Known => new(Path.Combine(_folder, "known-machines"));

    private SshShell Shell => new(_network);

    public async Task InitializeAsync()
    {
        _network = new(Known, new SshSettings { ProbeEvery = TimeSpan.FromSeconds(2) });
        await _machine.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        _network.Dispose();
        await _machine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [FactWithSshd]
    public async Task A_script_gets_its_arguments_as_they_are_and_gives_output_complaints_and_exit_code()
    {
        var result = await Run(_machine.Address, "printf '%s|%s|%s' \"$1\" \"$2\" \"$#\"; echo no >&2; exit 7", "it's \"$HOME\" `x`", "");

        Assert.Equal(new ShellResult(7, "it's \"$HOME\" `x`||2", "no"), result);
    }

    [FactWithSshd]
    public async Task Twelve_commands_at_once_all_come_back()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Run(_machine.Address, "sleep 1; echo $1", $"{number}")));

        Assert.Equal(Enumerable.Range(0, 12).Select(number => $"{number}\n"), results.Select(result => result.Output));
    }

    [FactWithSshd]
    public async Task A_flood_of_output_is_refused_and_costs_no_memory()
    {
        var before = Process.GetCurrentProcess().WorkingSet64;

        var refused = await Assert.ThrowsAsync<ProviderException>(() => Run(_machine.Address, "yes | head -c 400000000"));

        Assert.Contains("prints more than 1048576 bytes", refused.Message, StringComparison.Ordinal);
        Assert.True(Process.GetCurrentProcess().WorkingSet64 - before < 150 << 20, "the flood was kept");
        Assert.Equal("fine\n", (await Run(_machine.Address, "echo fine")).Output);
    }

    [FactWithSshd]
    public async Task A_file_arrives_as_it_is()
    {
        var file = Path.Combine(_folder, "file");
        var bytes = new byte[3_000_001];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(file, bytes);

        await Shell.SendFileAsync(_machine.Address, file, Path.Combine(_folder, "it's here"), _limit, CancellationToken.None);

        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(_folder, "it's here")));
        var refused = await Assert.ThrowsAsync<ProviderException>(() => Shell.SendFileAsync(_machine.Address, file, "/nowhere/at/all", _limit, CancellationToken.None));
        Assert.Contains("/nowhere/at/all", refused.Message, StringComparison.Ordinal);
    }

    [FactWithSshd]
    public async Task A_changed_host_key_stops_with_both_fingerprints_until_a_person_accepts_it()
    {
        await Run(_machine.Address, "true");
        var old = await _machine.FingerprintAsync();
        _machine.Cut();
        await _machine.NewHostKeyAsync();
        await _machine.StartAsync();

        var refused = await Refused(_machine.Address);

        Assert.Equal(ProviderErrorKind.Rejected, refused.Kind);
        Assert.Contains($"HOST KEY HAS CHANGED: it was {old}, now it is {await _machine.FingerprintAsync()}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Known.Path, refused.Message, StringComparison.Ordinal);
        await File.WriteAllLinesAsync(Known.Path, (await File.ReadAllLinesAsync(Known.Path)).Where(line => !line.StartsWith("box ", StringComparison.Ordinal)));
        Assert.Equal("ok\n", (await Run(_machine.Address, "echo ok")).Output);
    }

    [FactWithSshd]
    public async Task A_pinned_host_key_is_the_only_one()
    {
        var shown = await _machine.FingerprintAsync();
        var other = "SHA256:" + new string('A', 43);

        var refused = await Refused(_machine.Address with { HostKey = other });

        Assert.Equal(ProviderErrorKind.Rejected, refused.Kind);
        Assert.Contains(shown, refused.Message, StringComparison.Ordinal);
        Assert.Contains(other, refused.Message, StringComparison.Ordinal);
        Assert.Equal("ok\n", (await Run(_machine.Address with { HostKey = shown }, "echo ok")).Output);
        Assert.False(File.Exists(Known.Path));
    }

    [FactWithSshd]
    public async Task A_pinned_key_of_any_kind_is_found_among_those_the_machine_has()
    {
        foreach (var kind in (string[])["ecdsa", "rsa"])
        {
            var file = Path.Combine(_machine.Folder, "host-" + kind);
            await Sshd.RunAsync("ssh-keygen", "-q", "-t", kind, "-N", "", "-f", file);
            await File.AppendAllTextAsync(Path.Combine(_machine.Folder, "sshd.conf"), $"HostKey {file}\n");
        }

        _machine.Cut();
        await _machine.StartAsync();

        foreach (var kind in (string[])["ecdsa", "rsa"])
        {
            var pinned = (await Sshd.RunAsync("ssh-keygen", "-lf", Path.Combine(_machine.Folder, $"host-{kind}.pub"))).Split(' ')[1];
            Assert.Equal("ok\n", (await Run(_machine.Address with { HostKey = pinned }, "echo ok")).Output);
        }

        var refused = await Refused(_machine.Address with { HostKey = "SHA256:" + new string('A', 43) });
        Assert.Contains("HOST KEY IS NOT THE PINNED ONE: it shows " + await _machine.FingerprintAsync(), refused.Message, StringComparison.Ordinal);
    }

    [FactWithSshd]
    public async Task A_key_that_is_not_accepted_missing_or_locked_says_so()
    {
        var stranger = Path.Combine(_folder, "stranger");
        await Sshd.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", stranger);
        var locked = Path.Combine(_folder, "locked");
        await Sshd.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "secret words", "-f", locked);
        await File.WriteAllTextAsync(Path.Combine(_folder, "junk"), "not a key");

        foreach (var (key, words) in ((string, string)[])
        [
            (stranger, "does not accept the key " + stranger + "; add its public part"), (Path.Combine(_folder, "none"), "there is no key file"),
            (locked, "protected by a passphrase; load it into the ssh-agent"), (Path.Combine(_folder, "junk"), "must be a private key in OpenSSH or PEM form"),
        ])
        {
            var refused = await Refused(_machine.Address with { KeyFile = key });
            Assert.Equal(ProviderErrorKind.Unauthorized, refused.Kind);
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        }
    }

    [FactWithSshd]
    public async Task The_ssh_agent_signs_for_a_key_that_needs_a_passphrase()
    {
        var socket = Path.Combine(_folder, "agent.sock");
        using var agent = Process.Start(new ProcessStartInfo("ssh-agent", ["-D", "-a", socket]) { RedirectStandardOutput = true })!;
        var before = Environment.GetEnvironmentVariable("SSH_AUTH_SOCK");
        try
        {
            await Eventually.TrueAsync(() => File.Exists(socket), "the ssh-agent listens");
            Environment.SetEnvironmentVariable("SSH_AUTH_SOCK", socket);
            var empty = await Refused(_machine.Address with { KeyFile = null });
            Assert.Contains("the ssh-agent holds no key", empty.Message, StringComparison.Ordinal);

            await Sshd.RunAsync("ssh-add", "-q", _machine.KeyFile);
            Assert.Equal("ok\n", (await Run(_machine.Address with { KeyFile = null }, "echo ok")).Output);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SSH_AUTH_SOCK", before);
            agent.Kill();
        }
    }

    [FactWithSshd]
    public async Task A_machine_that_is_not_there_is_told_by_what_is_wrong_with_it()
    {
        var refusing = await Refused(_machine.Address with { Port = Sshd.FreePort(_machine.Ip) });
        Assert.Contains("refuses the connection; is sshd running there", refusing.Message, StringComparison.Ordinal);

        var unknown = await Refused(_machine.Address with { Host = "no-such-host.invalid" });
        Assert.Contains("no-such-host.invalid", unknown.Message, StringComparison.Ordinal);

        // Accepts and says nothing.
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var began = TimeProvider.System.GetTimestamp();
        var silent = await Refused(_machine.Address with { Host = "127.0.0.1", Port = ((IPEndPoint)mute.LocalEndpoint).Port });
        Assert.Contains("does not answer (timed out)", silent.Message, StringComparison.Ordinal);
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "it took too long to say so");
        Assert.All([refusing, unknown, silent], one => Assert.Equal(ProviderErrorKind.Transient, one.Kind));
    }

    [FactWithSshd]
    public async Task A_half_open_connection_is_noticed_and_replaced()
    {
        await Run(_machine.Address, "true");
        // Anybody's sleep would do for a look at the processes.
        var marker = Path.Combine(_folder, "runs");
        var waiting = Run(_machine.Address, $"touch {marker}; sleep 300");
        await Eventually.TrueAsync(() => File.Exists(marker), "the command runs");

        _machine.FreezeConnections();

        // The library's own IsConnected stays true for ever; the probe does not believe it.
        var cut = await Assert.ThrowsAsync<ProviderException>(() => waiting);
        Assert.Equal(ProviderErrorKind.Transient, cut.Kind);
        Assert.Equal("back\n", (await Run(_machine.Address, "echo back")).Output);
    }

    [FactWithSshd]
    public async Task A_wire_that_is_cut_ends_what_runs_at_once_and_the_next_command_connects_anew()
    {
        await using var wire = new TcpProxy(_machine.Ip, _machine.Port);
        var address = _machine.Address with { Host = "127.0.0.1", Port = wire.Port };
        await Run(address, "true");
        var marker = Path.Combine(_folder, "runs");
        var waiting = Run(address, $"touch {marker}; sleep 300");
        await Eventually.TrueAsync(() => File.Exists(marker), "the command runs");

        wire.Cut();

        Assert.Equal(ProviderErrorKind.Transient, (await Assert.ThrowsAsync<ProviderException>(() => waiting)).Kind);
        Assert.Equal("back\n", (await Run(address, "echo back")).Output);
    }

    [FactWithSshd]
    public async Task A_machine_behind_another_is_reached_through_it()
    {
        var gate = new TestMachine("gate");
        await gate.InitializeAsync();
        try
        {
            var behind = _machine.Address with { Jump = gate.Address with { Name = "box-jump" } };
            Assert.Equal("through\n", (await Run(behind, "echo through")).Output);
            Assert.Equal(2, (await File.ReadAllLinesAsync(Known.Path)).Length);

            gate.Cut();
            var refused = await Assert.ThrowsAsync<ProviderException>(() => Run(behind with { Name = "fresh" }, "echo through"));
            Assert.Contains("box-jump", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            await gate.DisposeAsync();
        }
    }

    private Task<ShellResult> Run(MachineAddress address, string script, params string[] arguments) => Shell.RunAsync(address, script, arguments, _limit, CancellationToken.None);

    private Task<ProviderException> Refused(MachineAddress address) => Assert.ThrowsAsync<ProviderException>(() => Run(address, "true"));
}
