using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Hosts;
using Orchestrator.Engine.Hosts.Rented;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Hosts;

/// <summary>What a rented host gets of the job's store: the script itself, run by this machine's shell, and what is made of its answers.</summary>
public sealed class StoreReachTests : IDisposable
{
    private const string PutUrl = "https://bucket.example/probe/sent?X-Amz-Signature=4711&c='$(true)";

    private const string Url = "https://bucket.example/probe/noise?X-Amz-Signature=4711&b='$(true)";

    private static readonly SshEndpoint _there = new(new MachineAddress { Name = "vast-7", Host = "h", User = "root" }, "/orc/instance", "/orc/orchestrator-agent");

    private readonly string _folder = Directory.CreateTempSubdirectory("orc-reach-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("curl", "echo \"$*\" >>FOLDER/arguments; cat >>FOLDER/input; while [ $1 != -o ]; do shift; done; [ $2 = /dev/null ] || printf 12345678 >$2")]
    [InlineData("python3", "echo \"$*\" >>FOLDER/arguments; cat >>FOLDER/input; [ $3 = put ] || printf 12345678 >$4")]
    public void The_signed_address_is_told_by_input_and_never_by_an_argument(string tool, string script)
    {
        Tool(tool, script.Replace("FOLDER", _folder, StringComparison.Ordinal));

        Assert.Matches(@"^got \d+\nsent \d+$", Ask(8));
        Assert.Contains(Url, File.ReadAllText(Path.Combine(_folder, "input")), StringComparison.Ordinal);
        Assert.Contains(PutUrl, File.ReadAllText(Path.Combine(_folder, "input")), StringComparison.Ordinal);
        Assert.DoesNotContain("4711", File.ReadAllText(Path.Combine(_folder, "arguments")), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(_folder), file => Path.GetFileName(file).StartsWith(".fetch", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("curl", "echo 'curl: (7) Failed to connect to bucket.example port 443' >&2; exit 7", "failed curl: (7) Failed to connect to bucket.example port 443")]
    [InlineData("curl", "echo 'curl: (28) Connection timed out' >&2; exit 28", "failed curl: (28) Connection timed out")]
    [InlineData("curl", "while [ $1 != -o ]; do shift; done; printf 123 >$2; exit 28", "slow 3")]
    [InlineData("curl", "while [ $1 != -o ]; do shift; done; printf 123 >$2; exit 0", "untried curl brought 3 bytes of 8")]
    [InlineData("curl", "echo 'curl: (22) The requested URL returned error: 403' >&2; exit 22", "untried curl ends with 22: curl: (22) The requested URL returned error: 403")]
    [InlineData("curl", "echo 'curl: (1) Protocol https not supported' >&2; exit 1", "untried curl ends with 1: curl: (1) Protocol https not supported")]
    [InlineData("python3", "echo '[Errno 113] No route to host'; exit 7", "failed [Errno 113] No route to host")]
    [InlineData("python3", "echo unknown url type: https; exit 1", "untried python ends with 1: unknown url type: https")]
    [InlineData("wget", "exit 4", "failed wget: network failure")]
    [InlineData("wget", "echo 'wget: unrecognized option' >&2; exit 1", "untried wget ends with 1: wget: unrecognized option")]
    public void Only_a_network_that_fails_is_told_as_such(string tool, string script, string words)
    {
        Tool(tool, script);

        Assert.Equal(words, Ask(8));
    }

    [Theory]
    [InlineData("curl", "echo 'curl: (55) Send failure: Connection reset by peer' >&2; exit 55", "unsent curl ends with 55: curl: (55) Send failure: Connection reset by peer")]
    [InlineData("curl", "echo 'curl: (28) Operation timed out' >&2; exit 28", "stuck")]
    [InlineData("curl", "echo 'curl: (22) The requested URL returned error: 403' >&2; exit 22", "unsent curl ends with 22: curl: (22) The requested URL returned error: 403")]
    [InlineData("python3", "echo 'BrokenPipeError [Errno 32]'; exit 56", "unsent python ends with 56: BrokenPipeError [Errno 32]")]
    [InlineData("python3", "exit 28", "stuck")]
    [InlineData("wget", "exit 4", "unsent wget sends a type with it, which is not signed")]
    public void What_came_goes_back_and_only_what_takes_too_long_is_told_as_such(string tool, string script, string words)
    {
        // It brings what is asked for, and does that when it is to send.
        Tool(tool, $"case \" $* \" in *\" -T \"* | *\" put \"*) {script} ;; esac; while [ $# -gt 0 ]; do case $1 in -o | -O | get) printf 12345678 >$2 ;; esac; shift; done");

        var said = Ask(8).Split('\n');

        Assert.Matches(@"^got \d+$", said[0]);
        Assert.Equal(words, said[1]);
    }

    [Fact]
    public void An_image_without_tools_is_not_tried() => Assert.Equal("untried the image has neither curl nor python3 nor wget", Ask(8));

    [Theory]
    [InlineData("got 1000", 0, null)]
    [InlineData("got 29000", 10_000_000_000, null)]
    [InlineData("got 10000", 400_000_000_000, "the job's store gives it 419 kB/s; for 400.0 GB of data and checkpoint 1.0 MB/s are wanted at least")]
    [InlineData("got 3900", 400_000_000_000, null)]
    [InlineData("slow 1200000", 0, "of 4.2 MB from the job's store 1.2 MB came within 30 s")]
    [InlineData("failed curl: (7) Failed to connect to bucket.example", 0, "it does not reach the job's store: curl: (7) Failed to connect to bucket.example")]
    [InlineData("failed no way to https://b.example/o?X-Amz-Signature=4711 from here", 0, "it does not reach the job's store: no way to https://b.example/o from here")]
    [InlineData("untried nothing", 0, null)]
    [InlineData("got no number", 0, null)]
    [InlineData("", 0, null)]
    public void What_is_too_slow_depends_on_what_there_is_to_fetch(string said, long toFetch, string? problem) => Assert.Equal(problem, StoreAnswer.Of(said).FetchingProblem(toFetch));

    [Theory]
    [InlineData("sent 1000", 0, null)]
    [InlineData("sent 29000", 100_000_000, null)]
    [InlineData("sent 29000", 2_000_000_000, "the job's store takes 145 kB/s from it; for a checkpoint of 2.0 GB 556 kB/s are wanted at least")]
    [InlineData("sent 3900", 400_000_000_000, null)]
    [InlineData("stuck", 0, "4.2 MB did not get to the job's store within 30 s: no checkpoint would")]
    [InlineData("unsent nothing", 0, null)]
    [InlineData("sent no number", 0, null)]
    public void What_takes_too_long_depends_on_what_there_is_to_send(string said, long toSend, string? problem) => Assert.Equal(problem, StoreAnswer.Of("got 1000\n" + said).SendingProblem(toSend));

    [Fact]
    public async Task A_host_that_does_not_reach_a_store_that_serves_us_is_refused()
    {
        var shell = new Box("failed curl: (7) no way");

        var refused = await Assert.ThrowsAsync<HostRefusedException>(() => Reach(shell).RequireAsync(_there, "/orc", Bucket(), 0, 0, default));

        Assert.Equal(HostFault.Machine, refused.Fault);
        Assert.Equal("vast-7: it does not reach the job's store: curl: (7) no way", refused.Message);
        Assert.StartsWith("get='http://store.example/store?key=lab%2", shell.Script, StringComparison.Ordinal);
        Assert.Contains("\nput='http://store.example/store?key=lab%2", shell.Script, StringComparison.Ordinal);
        Assert.Equal(["/orc", "4194304", "30"], shell.Arguments);
        Assert.Equal(StoreReach.Bytes, new FileInfo(Path.Combine(_folder, "store", "lab", StoreReach.Key)).Length);
    }

    [Fact]
    public async Task A_host_that_gets_nothing_to_a_store_that_takes_it_from_us_is_refused()
    {
        var refused = await Assert.ThrowsAsync<HostRefusedException>(() => Reach(new Box("got 1000\nstuck")).RequireAsync(_there, "/orc", Bucket(), 0, 0, default));

        Assert.Equal("vast-7: 4.2 MB did not get to the job's store within 30 s: no checkpoint would", refused.Message);
        Assert.Equal(StoreReach.Bytes, new FileInfo(Path.Combine(_folder, "store", "lab", StoreReach.SentKey)).Length);
    }

    [Fact]
    public async Task What_came_is_told() => Assert.Equal("the store gives 4.2 MB/s", await Reach(new Box("got 1000")).RequireAsync(_there, "/orc", Bucket(), 0, 0, default));

    [Fact]
    public async Task What_went_is_told() =>
        Assert.Equal("the store gives 4.2 MB/s and takes 2.1 MB/s", await Reach(new Box("noise\ngot 1000\nsent 2000")).RequireAsync(_there, "/orc", Bucket(), 0, 0, default));

    [Fact]
    public async Task Nobody_is_blamed_for_a_store_that_is_away()
    {
        var bucket = Bucket();
        var shell = new Box("failed curl: (7) no way") { Meanwhile = () => Directory.Delete(Path.Combine(_folder, "store"), recursive: true) };

        Assert.Equal("the store serves nobody now", await Reach(shell).RequireAsync(_there, "/orc", bucket, 0, 0, default));
    }

    [Fact]
    public async Task A_folder_that_hosts_reach_through_us_is_not_tried()
    {
        var shell = new Box("failed");

        Assert.Equal("", await Reach(shell).RequireAsync(_there, "/orc", new Mount("", Folder(), ""), 0, 0, default));
        Assert.Equal("", shell.Script);
    }

    private static StoreReach Reach(Box shell) => new(null!, shell, TimeProvider.System, NullLogger<StoreReach>.Instance);

    /// <summary>A store of which nobody knows that it is a folder.</summary>
    private Mount Bucket() => new("", new MountedStore([new Mount("", Folder(), "")]), "lab/");

    private FolderStore Folder() => new(Path.Combine(_folder, "store"), new byte[32], () => new Uri("http://store.example/store"), TimeProvider.System);

    private string Ask(int bytes)
    {
        // No more than a shell's own tools, and what a test puts beside them.
        foreach (var tool in (string[])["rm", "cat", "sleep", "ls"])
        {
            File.CreateSymbolicLink(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName, tool), new[] { "/bin/", "/usr/bin/" }.Select(place => place + tool).First(File.Exists));
        }

        var start = new ProcessStartInfo("/bin/sh", ["-s", "--", _folder, $"{bytes}", "5"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = Path.Combine(_folder, "tools");
        using var process = Process.Start(start)!;
        process.StandardInput.Write($"get={SshShell.Quote(Url)}\nput={SshShell.Quote(PutUrl)}\n{RentedScripts.FetchStore}");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return output.Trim();
    }

    private void Tool(string name, string script)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName, name);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private sealed class Box(string answer) : IMachineShell
    {
        public string Script { get; private set; } = "";

        public IReadOnlyList<string> Arguments { get; private set; } = [];

        public Action Meanwhile { get; init; } = () => { };

        public Task<ShellResult> RunAsync(MachineAddress machine, string script, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation)
        {
            (Script, Arguments) = (script, arguments);
            Meanwhile();
            return Task.FromResult(new ShellResult(0, answer + "\n", ""));
        }

        public Task SendFileAsync(MachineAddress machine, string localPath, string remotePath, TimeSpan limit, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
