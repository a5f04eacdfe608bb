using System.Globalization;

namespace Orchestrator.Drills.Kit;

/// <summary>A data folder of its own with all that runs on it. Disposing it leaves nothing: processes are found by what they name.</summary>
public sealed class Site : IDisposable
{
    private readonly string _parent;
    private Sshd? _machine;

    public Site(string purpose)
    {
        _parent = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"orc-{purpose}-{Path.GetRandomFileName()[..6]}"));
        Data = Path.Combine(_parent, "data");
        // PostgreSQL runs as another user and must pass through.
        const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(_parent, Passable);
        File.SetUnixFileMode(_parent, Passable);
        Directory.CreateDirectory(Data, Passable);
        File.SetUnixFileMode(Data, Passable);
        // A second instance must be possible wherever this runs, or no duplicate could ever be seen.
        File.WriteAllText(Path.Combine(Data, "orchestrator.yaml"), "machines:\n  local: {cpus: 8, memory: 16GB}\n");
    }

    /// <summary>The jobs run on a machine that is reached over SSH: this one, through an sshd of the site's own.</summary>
    public static async Task<Site> OverSshAsync(string purpose)
    {
        var site = new Site(purpose);
        site._machine = new Sshd(Directory.CreateDirectory(Path.Combine(site._parent, "machine")).FullName);
        await site._machine.SetUpAsync();
        await File.WriteAllTextAsync(Path.Combine(site.Data, "orchestrator.yaml"), string.Create(CultureInfo.InvariantCulture, $$"""
            machines:
              box: {address: {{site._machine.Ip}}, port: {{site._machine.Port}}, user: {{Environment.UserName}}, key: {{site._machine.KeyFile}}, root: {{site._machine.Folder}}/home, slots: 8}

            """));
        return site;
    }

    public string Data { get; }

    public string Instances => Path.Combine(_machine is null ? Data : Path.Combine(_machine.Folder, "home"), "instances");

    public string Store => Path.Combine(Data, "store");

    /// <summary>For specs, ledgers and logs of the drill itself.</summary>
    public string Work => Directory.CreateDirectory(Path.Combine(_parent, "work")).FullName;

    /// <summary>Everything alive that belongs to it, the servers and PostgreSQL included.</summary>
    public IReadOnlyList<LiveProcess> Processes() => [.. LiveProcess.All().Where(process => process.Names(_parent))];

    /// <summary>Everything alive that belongs to an instance; the servers' own visits to agents do not.</summary>
    public IReadOnlyList<LiveProcess> InstanceProcesses(string? instance = null)
    {
        var folder = instance is null ? Instances : Path.Combine(Instances, instance);
        return [.. LiveProcess.All().Where(process => process.Names(folder) && !process.Arguments.Contains("attach"))];
    }

    /// <summary>Ends an instance as a machine does that loses its power: everything, at once, and again until nothing is left.</summary>
    /// <returns>How many processes.</returns>
    public async Task<int> KillInstanceAsync(string instance)
    {
        HashSet<int> killed = [];
        await Wait.UntilAsync(
            () =>
            {
                var alive = InstanceProcesses(instance);
                foreach (var process in alive)
                {
                    Signals.Send(process, Signals.Kill);
                    killed.Add(process.Pid);
                }

                return alive.Count == 0;
            },
            "the end of " + instance,
            TimeSpan.FromMinutes(1),
            TimeSpan.FromMilliseconds(2));
        return killed.Count;
    }

    /// <summary>Ends all that is left, PostgreSQL with a clean stop.</summary>
    public void EndAll()
    {
        for (var round = 0; round < 200 && Processes() is { Count: > 0 } left; round++)
        {
            foreach (var process in left)
            {
                // Postmaster and its children share arguments or folder; the children follow their postmaster.
                var isPostgres = Array.Exists(process.Arguments, argument => argument.Contains("postgres", StringComparison.Ordinal));
                Signals.Send(process, Signals.Continue);
                Signals.Send(process, isPostgres && round < 100 ? Signals.Interrupt : Signals.Kill);
            }

            Thread.Sleep(50);
        }
    }

    /// <summary>It is being cleared away: nothing may be started on it any more.</summary>
    public bool IsClosed { get; private set; }

    public void Dispose()
    {
        IsClosed = true;
        _machine?.Dispose();
        EndAll();
        KeepLogs();
        Directory.Delete(_parent, recursive: true);
    }

    /// <summary>For scripts/test, which shows what the servers said while a test failed.</summary>
    private void KeepLogs()
    {
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_TEST_LOGS") is not { Length: > 0 } folder)
        {
            return;
        }

        var kept = Directory.CreateDirectory(Path.Combine(folder, Path.GetFileName(_parent)));
        foreach (var log in Directory.EnumerateFiles(Work, "*.log"))
        {
            File.Copy(log, Path.Combine(kept.FullName, Path.GetFileName(log)), overwrite: true);
        }
    }
}
