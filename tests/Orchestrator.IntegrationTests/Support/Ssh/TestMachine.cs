using Orchestrator.Drills.Kit;
using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Xunit;

namespace Orchestrator.IntegrationTests.Support.Ssh;

/// <summary>
/// A "machine": an sshd of its own on a loopback address, with a folder for what we put there. It can be switched off with everything
/// that runs on it, frozen, and set up anew.
/// </summary>
public sealed class TestMachine : IAsyncLifetime
{
    private readonly Sshd _sshd;

    public TestMachine()
        : this("box")
    {
    }

    /// <param name="name">As the configuration calls it.</param>
    /// <param name="docker">The daemon that commands on it talk to; null = the usual one.</param>
    /// <param name="showsGpu">A program there says that the machine has a GPU.</param>
    internal TestMachine(string name, string? docker = null, bool showsGpu = false)
    {
        Name = name;
        var folder = Directory.CreateTempSubdirectory("orc-machine-").FullName;
        var path = showsGpu ? $" PATH={GpuProgram(folder)}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" : "";
        _sshd = new(folder) { Variables = $"{(docker is null ? "" : " DOCKER_HOST=" + docker)}{path}" };
    }

    public string Name { get; }

    public string Ip => _sshd.Ip;

    public int Port => _sshd.Port;

    /// <summary>With the daemon's own files.</summary>
    internal string Folder => _sshd.Folder;

    public string KeyFile => _sshd.KeyFile;

    /// <summary>Everything of ours on the machine.</summary>
    public string Root => Path.Combine(_sshd.Folder, "home", "orchestrator");

    public string Instances => Path.Combine(Root, "instances");

    public MachineAddress Address => new() { Name = Name, Host = Ip, Port = Port, User = Environment.UserName, KeyFile = KeyFile };

    public SshMachine Machine => new() { Address = Address, Root = Root, Slots = 2, PricePerHour = Money.FromDollars(1) };

    public Task<string> FingerprintAsync() => _sshd.FingerprintAsync();

    public Task InitializeAsync() => Sshd.Program is null ? Task.CompletedTask : _sshd.SetUpAsync();

    public Task NewHostKeyAsync() => _sshd.NewHostKeyAsync();

    public Task StartAsync() => _sshd.StartAsync();

    /// <summary>The network card is dead: connections end, what runs goes on.</summary>
    public void Cut() => _sshd.Cut();

    /// <summary>The power fails.</summary>
    public async Task PowerOffAsync()
    {
        _sshd.Cut();
        await Wait.UntilAsync(
            () =>
            {
                var alive = Running();
                foreach (var process in alive)
                {
                    Signals.Send(process, Signals.Kill);
                }

                return alive.Count == 0;
            },
            "the end of all that runs on " + Name,
            TimeSpan.FromMinutes(1),
            TimeSpan.FromMilliseconds(5));
    }

    public void FreezeConnections() => _sshd.FreezeConnections();

    /// <summary>What runs on it and is ours.</summary>
    public IReadOnlyList<LiveProcess> Running() => [.. LiveProcess.All().Where(process => process.Names(Root) && !process.Arguments.Contains("attach"))];

    /// <summary>What nvidia-smi prints where there is one GPU.</summary>
    private static string GpuProgram(string machine)
    {
        var folder = Directory.CreateDirectory(Path.Combine(machine, "bin")).FullName;
        var program = Path.Combine(folder, "nvidia-smi");
        File.WriteAllText(program, """
            #!/bin/sh
            case "$*" in *query-gpu*) echo "NVIDIA H100 80GB HBM3, 550.54.15" ;; *) echo "| NVIDIA-SMI 550.54.15  Driver Version: 550.54.15  CUDA Version: 12.4 |" ;; esac

            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    public async Task DisposeAsync()
    {
        await PowerOffAsync();
        _sshd.Dispose();
        Directory.Delete(_sshd.Folder, recursive: true);
    }
}
